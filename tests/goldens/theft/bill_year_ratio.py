"""bill_year_ratio: mean bill of the k-th year before the last bill over that of the year before it."""
from theft_series import DAY, columns, mean, ratio


def oracle(series):
    def year_mean(k):
        return mean([value for i, value in series.seen if k <= (series.seen_times[-1] - series.times[i]) / (365.25 * DAY) < k + 1])

    return columns("k", {k: ratio(year_mean(k), year_mean(k + 1)) for k in range(5)})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__bill_year_ratio__k_0;1.019673380620251;0.5883693756199543;0.7429867955067685;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.9887241413026775;0.9796779986615539;nan;0.27864992150706436;0.4647976391231029;0.32304526748971196;1.400662251655629;1.101907356948229;1.000981354268891;0.3333333333333333;1.0;nan;nan;nan;nan
value__bill_year_ratio__k_1;0.9991362940703483;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;1.69227223522017;0.981097547614874;nan;0.9265454545454546;2.579662860250136;2.253129346314325;0.1392346703550023;1.9972789115646257;1.0039408866995074;nan;1.0;nan;nan;nan;nan
value__bill_year_ratio__k_2;0.7066362668320963;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.5839363964658358;nan;nan;1.204028021015762;0.4011780104712042;0.876829268292683;1.0202257761053621;0.45539033457249073;1.0;nan;1.0;nan;nan;nan;nan
value__bill_year_ratio__k_3;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;1.044016860510499;nan;nan;1.2345945945945946;2.0211640211640214;1.4943052391799545;0.8701702685003274;nan;1.9519230769230769;0.0;nan;nan;nan;nan;nan
value__bill_year_ratio__k_4;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.9728740450479185;nan;nan;0.4462132175590931;0.514145810663765;3.919642857142857;3.319565217391304;nan;0.5123152709359606;nan;nan;nan;nan;nan;nan
"""
