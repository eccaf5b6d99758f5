"""bill_year_mean: mean of the bills from k to k + 1 years before the last one, which itself is of year 0."""
from theft_series import DAY, columns, mean


def oracle(series):
    def year(i):
        return (series.seen_times[-1] - series.times[i]) / (365.25 * DAY)

    return columns("k", {k: mean([value for i, value in series.seen if k <= year(i) < k + 1]) for k in range(6)})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__bill_year_mean__k_0;10.327192982456141;5.716043715846995;7.964257703081232;8.472800000000001;6.371645333333333;8.564852320675104;9.90345;3.443875;-8.8208;4.25;0.1;0.5571428571428572;0.0;nan;11.71;12.940000000000001;14.553333333333333;15.466;14.996666666666666;13.7775;14.485333333333333;0.5486673897324656;0.1;20185506.663333334;0.5280604166666667;435.59230769230766;103.47716981132075;12.9155;71.0;183.75;104.66666666666667;70.5;-134.8;204.0;0.16666666666666666;70.0;237.0;287.5;131.0;nan
value__bill_year_mean__k_1;10.127942122186495;9.71505988023952;10.719245283018868;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;440.56000000000006;105.62365384615386;nan;254.8;395.3333333333333;324.0;50.333333333333336;-122.33333333333333;203.8;0.5;70.0;nan;nan;nan;nan
value__bill_year_mean__k_2;10.136697247706422;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;260.3363636363636;107.65866666666668;nan;275.0;153.25;143.8;361.5;-61.25;203.0;0.0;70.0;nan;nan;nan;nan
value__bill_year_mean__k_3;14.345;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;445.83000000000004;nan;nan;228.4;382.0;164.0;354.3333333333333;-134.5;203.0;0.0;70.0;nan;nan;nan;nan
value__bill_year_mean__k_4;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;427.0333333333333;nan;nan;185.0;189.0;109.75;407.2;nan;104.0;0.3333333333333333;nan;nan;nan;nan;nan
value__bill_year_mean__k_5;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;438.93999999999994;nan;nan;414.6;367.6;28.0;122.66666666666667;nan;203.0;0.0;nan;nan;nan;nan;nan
"""
