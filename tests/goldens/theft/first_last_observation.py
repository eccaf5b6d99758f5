"""first_last_observation: how far into the record the first and the last reading lie."""
from theft_series import columns, undefined


def oracle(series):
    if not series.seen:
        return columns("stat", undefined("first", "last", "span"))
    first, last = series.seen[0][0] / len(series), (series.seen[-1][0] + 1) / len(series)
    return columns("stat", {"first": first, "last": last, "span": last - first})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__first_last_observation__stat_"first";0.0;0.0;0.0;0.0;0.0;0.004;0.2857142857142857;0.0;0.0;0.0;0.0;0.0;0.0;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0006944444444444445;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;nan
value__first_last_observation__stat_"last";1.0;1.0;1.0;1.0;1.0;1.0;0.9206349206349206;1.0;1.0;1.0;1.0;1.0;1.0;nan;1.0;1.0;1.0;1.0;1.0;1.0;1.0;0.9993055555555556;1.0;1.0;1.0;1.0;1.0;0.9888888888888889;1.0;0.9666666666666667;1.0;1.0;1.0;1.0;1.0;1.0;1.0;1.0;1.0;nan
value__first_last_observation__stat_"span";1.0;1.0;1.0;1.0;1.0;0.996;0.6349206349206349;1.0;1.0;1.0;1.0;1.0;1.0;nan;1.0;1.0;1.0;1.0;1.0;1.0;1.0;0.9986111111111111;1.0;1.0;1.0;1.0;1.0;0.9888888888888889;1.0;0.9666666666666667;1.0;1.0;1.0;1.0;1.0;1.0;1.0;1.0;1.0;nan
"""
