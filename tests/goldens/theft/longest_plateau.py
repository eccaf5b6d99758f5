"""longest_plateau: the same reading, zero apart, several times on end."""
import itertools

from theft_series import columns, undefined


def oracle(series):
    if not series.seen:
        return columns("stat", undefined("longest", "longest_share", "repeated_share"))
    plateaus = [len(list(group)) for value, group in itertools.groupby(series.seen_values) if value != 0]
    longest = max(plateaus, default=0)
    return columns("stat", {"longest": longest, "longest_share": longest / len(series.seen),
                            "repeated_share": sum(length - 1 for length in plateaus) / len(series.seen)})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__longest_plateau__stat_"longest";1.0;2.0;2.0;4.0;1.0;49.0;1.0;1.0;1.0;60.0;60.0;1.0;0.0;nan;1.0;1.0;1.0;1.0;1.0;1.0;1.0;2.0;1000.0;1.0;1.0;1.0;1.0;2.0;1.0;1.0;1.0;2.0;1.0;8.0;2.0;12.0;1.0;1.0;1.0;nan
value__longest_plateau__stat_"longest_share";0.000970873786407767;0.002857142857142857;0.004878048780487805;0.013333333333333334;0.0033333333333333335;0.20675105485232068;0.005;0.00625;0.02;1.0;1.0;0.011904761904761904;0.0;nan;1.0;0.5;0.3333333333333333;0.2;0.1111111111111111;0.05;0.022222222222222223;0.0014461315979754157;1.0;0.0033333333333333335;0.0020833333333333333;0.014492753623188406;0.008333333333333333;0.025;0.022727272727272728;0.041666666666666664;0.03571428571428571;0.08333333333333333;0.0625;0.22857142857142856;0.07692307692307693;1.0;0.2;0.5;1.0;nan
value__longest_plateau__stat_"repeated_share";0.0;0.002857142857142857;0.0024390243902439024;0.07;0.0;0.20253164556962025;0.0;0.0;0.0;0.9833333333333333;0.9833333333333333;0.0;0.0;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0021691973969631237;0.999;0.0;0.0;0.0;0.0;0.0125;0.0;0.0;0.0;0.041666666666666664;0.0;0.5714285714285714;0.07692307692307693;0.9166666666666666;0.0;0.0;0.0;nan
"""
