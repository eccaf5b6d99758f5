"""bill_step: differences between a bill and the one before."""
from theft_series import columns, mean, undefined


def oracle(series):
    steps = [b - a for a, b in zip(series.seen_values, series.seen_values[1:])]
    if not steps:
        return columns("attr", undefined("minimum", "maximum", "mean_absolute"))
    return columns("attr", {"minimum": min(steps), "maximum": max(steps), "mean_absolute": mean([abs(step) for step in steps])})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__bill_step__attr_"minimum";-18.71;-17.310000000000002;-21.15;-7.64;-25.669999999999998;-13.65;-14.42;-18.59;-6.0;0.0;0.0;-1.0;0.0;nan;nan;-12.08;2.34;-7.42;-17.57;-15.169999999999998;-14.759999999999998;-3.2399999999999998;0.0;-13821373.799999999;-2.38;-386.6;-69.57000000000001;-22.32;-813.0;-613.0;-603.0;-830.0;-573.0;-198.0;-1.0;0.0;-34.0;379.0;nan;nan
value__bill_step__attr_"maximum";22.7;17.060000000000002;36.12;6.42;24.169999999999998;10.900000000000002;14.840000000000002;19.05;5.48;0.0;0.0;0.49999999999999994;0.0;nan;nan;-12.08;6.640000000000002;2.3999999999999986;12.849999999999998;14.309999999999999;12.18;3.449;0.0;13401531.099999998;2.52;400.0;60.980000000000004;19.380000000000003;701.0;400.0;409.0;1144.0;624.0;198.0;1.0;0.0;176.0;379.0;nan;nan
value__bill_step__attr_"mean_absolute";3.835092322643343;2.5163447782546493;3.5583863080684592;2.0128428093645487;3.0257431438127087;2.355762711864407;3.8379396984924625;6.2088679245283025;2.3938775510204082;0.0;0.0;0.3349397590361446;0.0;nan;nan;12.08;4.490000000000001;2.8374999999999995;7.75625;6.582105263157895;4.819545454545454;0.5092416787264834;0.0;4340420.091638796;0.4720960334029228;37.688235294117646;14.30436974789916;4.52632911392405;220.11627906976744;210.2173913043478;188.77777777777777;203.7391304347826;359.0;24.470588235294116;0.24;0.0;82.75;379.0;nan;nan
"""
