"""low_months: months, of the last 60, far under the mean of the months."""
from theft_series import NAN, columns, mean, observed, undefined


def oracle(series):
    months = {back: observed(values) for back, values in series.by_month_back(60).items()}
    months = {back: values for back, values in months.items() if values}
    level = mean([mean(values) for values in months.values()])
    if len(months) < 3 or not level > 0:
        return columns("stat", undefined("under_20", "under_50", "under_20_last_year", "lowest", "lowest_quarter"))
    shares = {back: mean(values) / level for back, values in months.items()}
    quarters = [mean(months[back] + months[back + 1] + months[back + 2]) / level for back in months
                if back + 1 in months and back + 2 in months]
    return columns("stat", {
        "under_20": mean([share < 0.2 for share in shares.values()]), "under_50": mean([share < 0.5 for share in shares.values()]),
        "under_20_last_year": sum(share < 0.2 for back, share in shares.items() if back < 12),
        "lowest": min(shares.values()), "lowest_quarter": min(quarters, default=NAN)})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__low_months__stat_"under_20";0.0;0.0;0.14285714285714285;0.0;0.0;0.0;0.0;0.16666666666666666;nan;0.0;0.0;0.0;nan;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan;nan;nan;0.08928571428571429;0.0;nan;0.0;0.06666666666666667;0.4375;0.2631578947368421;nan;0.07142857142857142;0.7222222222222222;0.0;0.0;nan;nan;nan
value__low_months__stat_"under_50";0.0;0.3333333333333333;0.14285714285714285;0.0;0.0;0.0;0.0;0.16666666666666666;nan;0.0;0.0;0.0;nan;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan;nan;nan;0.08928571428571429;0.0;nan;0.25;0.2;0.4375;0.5263157894736842;nan;0.07142857142857142;0.7222222222222222;0.0;0.2;nan;nan;nan
value__low_months__stat_"under_20_last_year";0.0;0.0;2.0;0.0;0.0;0.0;0.0;1.0;nan;0.0;0.0;0.0;nan;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan;nan;nan;0.0;0.0;nan;0.0;1.0;2.0;2.0;nan;0.0;4.0;0.0;0.0;nan;nan;nan
value__low_months__stat_"lowest";0.508660230378575;0.22773722624910667;0.0;0.6573589634870947;0.6048660652895668;0.613228838985956;0.5537313254198484;0.15300630503951732;nan;1.0;1.0;0.9333333333333333;nan;nan;nan;nan;nan;nan;nan;nan;0.9271237934084526;nan;nan;nan;nan;0.10172909254842391;0.8762330102976946;nan;0.24208800907830033;0.11936850211782826;0.0;0.03788256405144054;nan;0.026415094339622643;0.0;1.0;0.4641350210970464;nan;nan;nan
value__low_months__stat_"lowest_quarter";0.5810213085672006;0.25467335395018253;0.2951006175062706;0.6863892298225064;0.7545041466869841;0.6918384506453797;0.6444399452731586;1.0403069858482819;nan;1.0;1.0;0.9950617283950618;nan;nan;nan;nan;nan;nan;nan;nan;1.0027150713379225;nan;nan;nan;nan;0.10819597862729682;0.9237799689707836;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
"""
