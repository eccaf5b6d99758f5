"""missing_profile: share of missing readings in each of the last 36 months; 0 is the last month."""
from theft_series import columns, mean


def oracle(series):
    months = series.by_month_back(36)
    return columns("stat", {str(back): mean([value is None for value in months.get(back, [])]) for back in range(36)})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__missing_profile__stat_"0";0.0;0.0;0.0;0.0;0.0;0.0;1.0;0.0;0.0;0.0;0.0;0.0;0.0;1.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.03958333333333333;0.0;0.0;0.0;0.0;0.0;nan;0.0;1.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;1.0
value__missing_profile__stat_"1";0.0967741935483871;0.0;0.0;0.0;0.0;0.06666666666666667;0.45161290322580644;0.0;0.0;0.0;0.0;0.0;0.0;1.0;nan;nan;0.0;0.0;0.0;0.0;0.0;nan;nan;nan;nan;0.0;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__missing_profile__stat_"2";0.03225806451612903;0.0;0.0967741935483871;0.0;0.0;0.12903225806451613;0.0;0.0;nan;0.0;0.0;0.0;0.0;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan;nan;nan;0.0;0.0;nan;nan;0.0;nan;nan;0.0;nan;0.0;0.0;0.0;nan;nan;nan
value__missing_profile__stat_"3";0.16666666666666666;0.0;0.0;0.0;0.0;0.03225806451612903;0.0;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan
value__missing_profile__stat_"4";0.03225806451612903;0.0;0.0;0.0;0.0;0.0;0.0;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;nan;0.0;0.0;nan;0.0;nan;0.0;0.0;nan;nan;1.0
value__missing_profile__stat_"5";0.13333333333333333;0.0;0.034482758620689655;0.0;0.0;0.0;0.0;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;0.0;nan;nan;0.0;nan;0.0;nan;nan;nan;nan;nan
value__missing_profile__stat_"6";0.0;0.0;0.06451612903225806;0.0;0.0;0.06666666666666667;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan;nan
value__missing_profile__stat_"7";0.0967741935483871;0.0;0.0;0.0;0.0;0.03225806451612903;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan;nan;nan;1.0
value__missing_profile__stat_"8";0.06666666666666667;0.0;0.0;0.0;0.0;0.06896551724137931;1.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;nan;0.0;0.0;nan;0.0;nan;0.0;0.0;nan;nan;nan
value__missing_profile__stat_"9";0.0;0.0;0.03225806451612903;0.0;0.0;0.5;1.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;0.0;nan;nan;0.0;nan;nan;nan;nan;nan;nan;nan
value__missing_profile__stat_"10";0.1;0.0;0.03333333333333333;0.0;0.0;nan;1.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;nan;nan;0.0;nan;nan;nan;nan;nan;nan;nan;nan
value__missing_profile__stat_"11";0.06451612903225806;0.0;0.03225806451612903;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;nan;nan;nan;0.0;0.0;0.0;nan;nan;nan;nan;nan
value__missing_profile__stat_"12";0.034482758620689655;0.0;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;0.0;nan;0.0;nan;nan;nan;0.0;nan;nan;nan;nan
value__missing_profile__stat_"13";0.03225806451612903;0.0;0.03333333333333333;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;1.0;0.0;nan;0.0;nan;nan;nan;nan;nan;0.0;nan;nan;nan;nan;nan
value__missing_profile__stat_"14";0.03225806451612903;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;0.0;nan;nan;nan;nan;nan;0.0;nan;nan;nan;nan
value__missing_profile__stat_"15";0.0;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;nan;nan;nan;nan
value__missing_profile__stat_"16";0.03225806451612903;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;0.0;nan;nan;0.0;nan;nan;nan;0.0;nan;nan;nan;nan
value__missing_profile__stat_"17";0.13333333333333333;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan;nan;nan;nan
value__missing_profile__stat_"18";0.03225806451612903;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;0.0;1.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__missing_profile__stat_"19";0.03225806451612903;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;nan;nan;0.0;0.0;0.0;nan;nan;nan;nan;nan;nan
value__missing_profile__stat_"20";0.03333333333333333;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan;nan;nan;nan
value__missing_profile__stat_"21";0.0;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;0.0;nan;0.0;nan;nan;0.0;nan;nan;nan;nan;nan;1.0
value__missing_profile__stat_"22";0.23333333333333334;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__missing_profile__stat_"23";1.0;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;0.0;nan;nan;0.0;0.0;nan;0.0;nan;nan;nan;nan;nan
value__missing_profile__stat_"24";0.8571428571428571;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__missing_profile__stat_"25";0.0967741935483871;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;nan;0.0;nan;0.0;0.0;0.0;nan;nan;nan;nan;nan
value__missing_profile__stat_"26";0.12903225806451613;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__missing_profile__stat_"27";0.03333333333333333;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;0.0;nan;0.0;nan;nan;0.0;nan;0.0;0.0;nan;nan;nan;nan;nan
value__missing_profile__stat_"28";0.03225806451612903;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;1.0;nan;nan;nan;0.3333333333333333;nan;nan;0.0;nan;nan;nan;nan;nan;nan;nan
value__missing_profile__stat_"29";0.1;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan;nan;nan;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__missing_profile__stat_"30";0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan;nan;nan;nan;0.0;nan;nan;nan;0.0;nan;nan;nan;nan
value__missing_profile__stat_"31";0.06451612903225806;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan;0.0;nan;0.0;nan;nan;0.0;0.0;nan;nan;nan;nan;nan
value__missing_profile__stat_"32";0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan;nan;0.0;nan;nan;0.0;nan;nan;nan;nan;nan;nan;nan
value__missing_profile__stat_"33";0.06451612903225806;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__missing_profile__stat_"34";0.06666666666666667;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan;nan;nan;nan;0.0;nan;nan;nan;0.0;nan;nan;nan;nan
value__missing_profile__stat_"35";0.03225806451612903;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.0;nan;nan;0.0;0.0;0.0;nan;nan;0.0;nan;nan;nan;nan;nan;nan
"""
