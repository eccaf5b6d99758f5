"""day_shape: nights (0 to 6 o'clock) and evenings (18 to 23), in the whole record and between its halves."""
from theft_series import NAN, columns, deviation, mean, undefined


def oracle(series):
    names = ("night_share", "evening_share", "night_share_change", "peak_to_mean", "flatness_change")
    if series.per_day <= 1 or sum(series.seen_values) <= 0:
        return columns("stat", undefined(*names))

    def share(readings, begin, end):
        total = sum(value for _, value in readings)
        return sum(value for i, value in readings if begin <= series.date(i).hour < end) / total if total > 0 else NAN

    def variation(readings):
        values = [value for _, value in readings]
        return deviation(values) / mean(values)

    half = len(series) // 2
    first, second = [r for r in series.seen if r[0] < half], [r for r in series.seen if r[0] >= half]
    return columns("stat", dict(zip(names, (
        share(series.seen, 0, 6), share(series.seen, 18, 23), share(second, 0, 6) - share(first, 0, 6),
        max(series.seen_values) / mean(series.seen_values), variation(second) - variation(first)))))


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__day_shape__stat_"night_share";nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.22514420662961737;0.25200000000000444;0.2840928606009881;0.171295109066592;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__day_shape__stat_"evening_share";nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.22400953075024338;0.20400000000000307;0.202660278447748;0.2620991127120082;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__day_shape__stat_"night_share_change";nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;-0.009544372511031407;-0.023999999999999716;0.013423785196538418;-0.28107272087673024;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__day_shape__stat_"peak_to_mean";nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;7.0570988406801725;1.0;1.639225269490259;5.340298024610504;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__day_shape__stat_"flatness_change";nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.020229652510477147;0.0;-0.01064289731310189;0.17452186906238853;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
"""
