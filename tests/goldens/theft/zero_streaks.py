"""zero_streaks: runs of zeros among the readings that exist."""
from theft_series import NAN, columns, mean, runs, undefined


def oracle(series):
    zeros = [value == 0 for value in series.seen_values]
    if not zeros:
        return columns("stat", undefined("share", "longest", "count_over_7", "longest_share", "readings_since_last", "last_third_share"))
    late = [value == 0 for i, value in series.seen if i >= len(series) - len(series) // 3]
    longest = max(runs(zeros), default=0)
    return columns("stat", {
        "share": mean(zeros), "longest": longest, "count_over_7": sum(run >= 7 for run in runs(zeros)),
        "longest_share": longest / len(zeros), "readings_since_last": zeros[::-1].index(True) if any(zeros) else NAN,
        "last_third_share": mean(late)})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__zero_streaks__stat_"share";0.0;0.0;0.28292682926829266;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;1.0;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.125;0.0;0.0;0.0;0.0;0.0;0.42857142857142855;0.0;0.0;0.0;0.8076923076923077;0.0;0.0;0.0;0.0;nan
value__zero_streaks__stat_"longest";0.0;0.0;60.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;60.0;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;6.0;0.0;0.0;0.0;0.0;0.0;4.0;0.0;0.0;0.0;10.0;0.0;0.0;0.0;0.0;nan
value__zero_streaks__stat_"count_over_7";0.0;0.0;8.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;1.0;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;1.0;0.0;0.0;0.0;0.0;nan
value__zero_streaks__stat_"longest_share";0.0;0.0;0.14634146341463414;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;1.0;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0125;0.0;0.0;0.0;0.0;0.0;0.14285714285714285;0.0;0.0;0.0;0.38461538461538464;0.0;0.0;0.0;0.0;nan
value__zero_streaks__stat_"readings_since_last";nan;nan;12.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;18.0;nan;nan;nan;nan;nan;0.0;nan;nan;nan;0.0;nan;nan;nan;nan;nan
value__zero_streaks__stat_"last_third_share";0.0;0.0;0.17518248175182483;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;1.0;nan;nan;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.225;0.0;0.0;0.0;0.0;0.0;0.4444444444444444;0.0;0.0;0.0;0.625;0.0;0.0;nan;nan;nan
"""
