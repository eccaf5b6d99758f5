"""on_off_switching: going under a tenth of the mean and back, and halvings from one reading to the next."""
from theft_series import columns, mean, runs, undefined


def oracle(series):
    x = series.seen_values
    if not x or sum(x) <= 0:
        return columns("stat", undefined("switches", "share_low", "longest_low", "drops"))
    low = [value < 0.1 * mean(x) for value in x]
    return columns("stat", {"switches": sum(a != b for a, b in zip(low, low[1:])) / len(x), "share_low": mean(low),
                            "longest_low": max(runs(low), default=0),
                            "drops": sum(a > 0 and b < 0.5 * a for a, b in zip(x, x[1:])) / len(x)})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__on_off_switching__stat_"switches";0.0;0.0;0.036585365853658534;0.0;0.14333333333333334;0.0;0.0;0.44375;nan;0.0;0.0;0.0;nan;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.14316702819956617;0.0;0.0;0.08333333333333333;0.0;0.0;0.0;0.0;0.0;0.4642857142857143;0.16666666666666666;nan;0.11428571428571428;0.23076923076923078;0.0;0.0;0.0;0.0;nan
value__on_off_switching__stat_"share_low";0.0;0.0;0.28292682926829266;0.0;0.26666666666666666;0.0;0.0;0.275;nan;0.0;0.0;0.0;nan;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.07736804049168475;0.0;0.0;0.14583333333333334;0.0;0.0;0.0;0.0;0.0;0.42857142857142855;0.16666666666666666;nan;0.05714285714285714;0.8076923076923077;0.0;0.0;0.0;0.0;nan
value__on_off_switching__stat_"longest_low";0.0;0.0;60.0;0.0;5.0;0.0;0.0;2.0;nan;0.0;0.0;0.0;nan;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;3.0;0.0;0.0;7.0;0.0;0.0;0.0;0.0;0.0;4.0;2.0;nan;1.0;10.0;0.0;0.0;0.0;0.0;nan
value__on_off_switching__stat_"drops";0.05825242718446602;0.05857142857142857;0.08536585365853659;0.03333333333333333;0.10666666666666667;0.04219409282700422;0.115;0.36875;nan;0.0;0.0;0.13095238095238096;nan;nan;0.0;0.5;0.0;0.0;0.1111111111111111;0.1;0.06666666666666667;0.30441070137382503;0.0;0.0;0.2708333333333333;0.014492753623188406;0.0;0.0625;0.3409090909090909;0.20833333333333334;0.32142857142857145;0.25;nan;0.05714285714285714;0.11538461538461539;0.0;0.0;0.0;0.0;nan
"""
