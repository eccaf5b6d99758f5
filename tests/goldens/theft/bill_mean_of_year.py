"""bill_mean_of_year: mean of the bills dated in a calendar year."""
from theft_series import columns, mean


def oracle(series):
    return columns("year", {year: mean([value for i, value in series.seen if series.date(i).year == year]) for year in range(2010, 2020)})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__bill_mean_of_year__year_2010;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;259.5;306.6666666666667;28.0;354.3333333333333;-297.0;204.0;0.3333333333333333;70.0;nan;nan;nan;nan
value__bill_mean_of_year__year_2011;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;438.5363636363636;nan;nan;138.5;313.0;148.85714285714286;361.5;-36.25;203.0;0.0;70.0;nan;nan;nan;nan
value__bill_mean_of_year__year_2012;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;427.43636363636364;nan;nan;54.0;226.6;127.0;50.333333333333336;-178.66666666666666;203.66666666666666;0.16666666666666666;nan;nan;nan;nan;nan
value__bill_mean_of_year__year_2013;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;440.77272727272725;105.21230769230769;nan;367.75;273.5;143.8;82.6;nan;nan;0.3333333333333333;nan;nan;nan;nan;nan
value__bill_mean_of_year__year_2014;10.313710144927537;9.3491059602649;nan;10.60790909090909;6.66572;nan;9.90345;3.443875;-8.8208;4.25;0.1;0.5571428571428572;0.0;nan;11.71;12.940000000000001;14.553333333333333;15.466;14.996666666666666;13.7775;14.485333333333333;0.5486673897324656;0.1;20185506.663333334;0.5280604166666667;245.21999999999997;104.75730769230769;nan;183.33333333333334;335.75;324.0;10.0;nan;104.0;0.0;nan;nan;nan;nan;nan
value__bill_mean_of_year__year_2015;9.866357388316151;6.535528767123287;6.426714285714286;7.236684210526316;6.201391578947368;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;440.81666666666666;104.57375;nan;414.6;31.0;104.66666666666667;nan;nan;203.0;nan;nan;nan;nan;nan;nan
value__bill_mean_of_year__year_2016;10.153498542274052;3.8789090909090906;10.30875;nan;nan;8.564852320675104;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;439.60909090909087;nan;nan;185.0;nan;nan;nan;nan;203.0;nan;nan;nan;nan;nan;nan
value__bill_mean_of_year__year_2017;15.718627450980392;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;418.40000000000003;nan;nan;228.4;nan;nan;nan;nan;205.0;nan;nan;nan;nan;nan;nan
value__bill_mean_of_year__year_2018;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;275.0;nan;nan;nan;nan;203.0;nan;nan;nan;nan;nan;nan
value__bill_mean_of_year__year_2019;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;254.8;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
"""
