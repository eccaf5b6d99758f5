"""bill_changes: bills that differ from the one before."""
from theft_series import columns, mean, undefined


def oracle(series):
    x = series.seen_values
    if not x:
        return columns("attr", undefined("count", "share", "distinct"))
    changed = [a != b for a, b in zip(x, x[1:])]
    return columns("attr", {"count": sum(changed), "share": mean(changed), "distinct": len(set(x))})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__bill_changes__attr_"count";1029.0;697.0;300.0;278.0;299.0;188.0;199.0;159.0;49.0;0.0;0.0;83.0;0.0;nan;0.0;1.0;2.0;4.0;8.0;19.0;44.0;1379.0;0.0;299.0;430.0;68.0;119.0;78.0;43.0;23.0;22.0;22.0;15.0;14.0;6.0;0.0;4.0;1.0;0.0;nan
value__bill_changes__attr_"share";1.0;0.9971387696709585;0.7334963325183375;0.9297658862876255;1.0;0.7966101694915254;1.0;1.0;1.0;0.0;0.0;1.0;0.0;nan;nan;1.0;1.0;1.0;1.0;1.0;1.0;0.9978292329956585;0.0;1.0;0.8977035490605428;1.0;1.0;0.9873417721518988;1.0;1.0;0.8148148148148148;0.9565217391304348;1.0;0.4117647058823529;0.24;0.0;1.0;1.0;nan;nan
value__bill_changes__attr_"distinct";755.0;614.0;274.0;219.0;276.0;178.0;190.0;157.0;46.0;1.0;1.0;7.0;1.0;nan;1.0;2.0;3.0;5.0;9.0;20.0;44.0;858.0;1.0;300.0;349.0;64.0;118.0;73.0;42.0;24.0;17.0;22.0;16.0;3.0;2.0;1.0;5.0;2.0;1.0;nan
"""
