"""bill_zeros: bills of nothing."""
from theft_series import columns, mean, runs, undefined


def oracle(series):
    zeros = [value == 0 for value in series.seen_values]
    if not zeros:
        return columns("attr", undefined("share", "longest_run", "last_run"))
    return columns("attr", {"share": mean(zeros), "longest_run": max(runs(zeros), default=0), "last_run": runs(zeros)[-1] if zeros[-1] else 0})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__bill_zeros__attr_"share";0.0;0.0;0.28292682926829266;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;1.0;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.125;0.0;0.0;0.0;0.0;0.0;0.42857142857142855;0.0;0.0;0.0;0.8076923076923077;0.0;0.0;0.0;0.0;nan
value__bill_zeros__attr_"longest_run";0.0;0.0;60.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;60.0;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;6.0;0.0;0.0;0.0;0.0;0.0;4.0;0.0;0.0;0.0;10.0;0.0;0.0;0.0;0.0;nan
value__bill_zeros__attr_"last_run";0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;60.0;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;1.0;0.0;0.0;0.0;2.0;0.0;0.0;0.0;0.0;nan
"""
