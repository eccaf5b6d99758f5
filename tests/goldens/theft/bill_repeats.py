"""bill_repeats: bills equal to the one before, and round ones."""
from theft_series import columns, mean, runs, undefined


def oracle(series):
    x = series.seen_values
    if not x:
        return columns("attr", undefined("share", "last_run", "tens", "hundreds"))
    same = [a == b for a, b in zip(x, x[1:])]
    return columns("attr", {"share": mean(same), "last_run": 1 + (runs(same)[-1] if same and same[-1] else 0),
                            "tens": mean([value % 10 == 0 for value in x]), "hundreds": mean([value % 100 == 0 for value in x])})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__bill_repeats__attr_"share";0.0;0.002861230329041488;0.2665036674816626;0.07023411371237458;0.0;0.2033898305084746;0.0;0.0;0.0;1.0;1.0;0.0;1.0;nan;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.002170767004341534;1.0;0.0;0.1022964509394572;0.0;0.0;0.012658227848101266;0.0;0.0;0.18518518518518517;0.043478260869565216;0.0;0.5882352941176471;0.76;1.0;0.0;0.0;nan;nan
value__bill_repeats__attr_"last_run";1.0;1.0;1.0;2.0;1.0;1.0;1.0;1.0;1.0;60.0;60.0;1.0;60.0;nan;1.0;1.0;1.0;1.0;1.0;1.0;1.0;1.0;1000.0;1.0;1.0;1.0;1.0;1.0;1.0;1.0;1.0;2.0;1.0;2.0;2.0;12.0;1.0;1.0;1.0;nan
value__bill_repeats__attr_"tens";0.0;0.0;0.28292682926829266;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;1.0;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.006666666666666667;0.125;0.014492753623188406;0.0;0.0;0.09090909090909091;0.16666666666666666;0.4642857142857143;0.20833333333333334;0.1875;0.0;0.8076923076923077;1.0;0.4;0.0;0.0;nan
value__bill_repeats__attr_"hundreds";0.0;0.0;0.28292682926829266;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;1.0;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.125;0.0;0.0;0.0;0.022727272727272728;0.0;0.42857142857142855;0.0;0.0625;0.0;0.8076923076923077;0.0;0.0;0.0;0.0;nan
"""
