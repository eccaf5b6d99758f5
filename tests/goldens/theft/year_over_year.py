"""year_over_year: months against the same months a year before, over those read in both years."""
from theft_series import NAN, columns, mean, observed


def oracle(series):
    months = {back: observed(values) for back, values in series.by_month_back(36).items()}
    level = {back: mean(values) for back, values in months.items() if values}
    pairs = {back: (value, level[back + 12]) for back, value in level.items() if back + 12 in level}

    def over(first, count):
        chosen = [pair for back, pair in pairs.items() if first <= back < first + count]
        before = sum(old for _, old in chosen)
        return sum(new for new, _ in chosen) / before if before > 0 else NAN

    ratios = [new / old for back, (new, old) in pairs.items() if back < 12 and old > 0]
    return columns("stat", {"last": over(0, 12), "previous": over(12, 12), "lowest_month": min(ratios, default=NAN),
                            "highest_month": max(ratios, default=NAN), "last_quarter": over(0, 3)})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__year_over_year__stat_"last";1.0190992184420888;0.47935866933541404;1.3283158102048236;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.9940321314996076;0.983578212904735;nan;nan;0.048513302034428794;nan;0.7352941176470589;nan;nan;0.0;1.0;nan;nan;nan;nan
value__year_over_year__stat_"previous";0.9655931009837195;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;1.803063635622912;1.0085494108025295;nan;6.7;0.6006493506493507;nan;nan;nan;1.0049261083743843;nan;nan;nan;nan;nan;nan
value__year_over_year__stat_"lowest_month";0.8801086745585097;0.19234492516196292;1.055236150461149;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.8074729596853492;0.8829838462548701;nan;nan;0.048513302034428794;nan;0.18518518518518517;nan;nan;0.0;1.0;nan;nan;nan;nan
value__year_over_year__stat_"highest_month";1.1111716638723348;1.1284490721885327;1.636321680354677;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;1.065459610027855;1.1321919730564132;nan;nan;0.048513302034428794;nan;1.6935483870967742;nan;nan;0.0;1.0;nan;nan;nan;nan
value__year_over_year__stat_"last_quarter";1.0517931274559853;0.2557924623542131;1.3283158102048236;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.97457235321313;0.9582846983302238;nan;nan;0.048513302034428794;nan;0.18518518518518517;nan;nan;nan;1.0;nan;nan;nan;nan
"""
