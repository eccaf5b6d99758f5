"""bill_extreme_age: bills after the first highest and the first lowest one."""
from theft_series import columns, undefined


def oracle(series):
    x = series.seen_values
    if not x:
        return columns("attr", undefined("maximum", "minimum"))
    return columns("attr", {"maximum": len(x) - 1 - x.index(max(x)), "minimum": len(x) - 1 - x.index(min(x))})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__bill_extreme_age__attr_"maximum";7.0;301.0;11.0;299.0;22.0;181.0;147.0;25.0;9.0;59.0;59.0;77.0;59.0;nan;0.0;1.0;0.0;2.0;4.0;12.0;23.0;1194.0;999.0;99.0;248.0;36.0;73.0;72.0;22.0;20.0;14.0;17.0;13.0;30.0;19.0;11.0;1.0;0.0;0.0;nan
value__bill_extreme_age__attr_"minimum";830.0;140.0;409.0;53.0;172.0;93.0;52.0;120.0;49.0;59.0;59.0;83.0;59.0;nan;0.0;0.0;2.0;0.0;1.0;17.0;38.0;43.0;999.0;271.0;364.0;28.0;78.0;18.0;30.0;19.0;22.0;1.0;7.0;32.0;25.0;11.0;3.0;1.0;0.0;nan
"""
