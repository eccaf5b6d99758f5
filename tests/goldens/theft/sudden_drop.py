"""sudden_drop: the split of the readings that exist whose sides differ most in their mean."""
import math

from theft_series import NAN, columns, mean, undefined


def upper_median(values):
    return sorted(values)[len(values) // 2]


def oracle(series):
    names = ("ratio", "strength", "place", "since_share", "missing_share", "signed_strength")
    n = len(series.seen)
    least = max(3 if n < 60 else 14, n // 30)
    if n < 2 * least:
        return columns("stat", undefined(*names))
    middle = upper_median(series.seen_values)
    reach = 6 * 1.4826 * upper_median([abs(value - middle) for value in series.seen_values])
    x = [min(max(value, middle - reach), middle + reach) if reach > 0 else value for value in series.seen_values]

    def difference(at):
        return abs(mean(x[at:]) - mean(x[:at])) * math.sqrt(at * (n - at) / n)

    if min(x) == max(x):
        return columns("stat", undefined(*names))
    at = max(range(least, n - least + 1), key=lambda at: round(difference(at), 12))
    before, after = mean(x[:at]), mean(x[at:])
    noise = [value - (before if i < at else after) for i, value in enumerate(x)]
    square = math.fsum(value * value for value in noise)
    correlation = min(max(math.fsum(a * b for a, b in zip(noise, noise[1:])) / square, 0), 0.95) if square > 0 else 0
    error = math.sqrt(square / n * (1 + correlation) / (1 - correlation))
    strength = min(1000, difference(at) / error) if error > 0 else 1000
    drop = after < before
    return columns("stat", {
        "ratio": after / before if before > 0 else NAN, "strength": strength, "place": at / n,
        "since_share": 1 - at / n if drop else 0,
        "missing_share": max(0, (before - after) * (n - at) / (before * n)) if before > 0 else NAN,
        "signed_strength": -strength if drop else strength})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__sudden_drop__stat_"ratio";1.4497611098802436;0.24303589640220094;1.9287665636888196;0.66469358508605;1.6098624999061248;0.5386189843070605;0.4925149420441741;1.3767442346120362;nan;nan;nan;1.159914712153518;nan;nan;nan;nan;nan;nan;0.7348529411764706;1.249812258369568;0.8492042605648434;0.8793405228349744;nan;1.0609474731405588;0.6950200426328174;0.948967594769503;0.9542084766083152;0.7068385471982499;0.49335420695582766;0.70931484432195;1.63954893274265;0.17281526992330964;nan;1.4420620437956204;3.375;nan;nan;nan;nan;nan
value__sudden_drop__stat_"strength";6.409833840732241;17.91638777812309;4.317473444567465;8.919434450144106;2.759648466364852;11.831834093624401;12.25320516168824;1.2050567881247878;2.2718434807969805;nan;nan;0.7155243939408381;nan;nan;nan;nan;nan;nan;1.2949440892916142;1.3312071891491495;1.934093138497491;2.3286103579841018;nan;2.1331077791659454;4.2100679338369185;1.1354701035181989;1.4874676993919067;3.0281387588228257;1.1653818292283369;1.382779762363132;1.0892841751656337;3.13157992322105;0.986641826822077;2.3366498804588574;1.3241562839744303;nan;nan;nan;nan;nan
value__sudden_drop__stat_"place";0.8883495145631068;0.6142857142857143;0.7414634146341463;0.3233333333333333;0.8066666666666666;0.31223628691983124;0.585;0.74375;0.64;nan;nan;0.20238095238095238;nan;nan;nan;nan;nan;nan;0.5555555555555556;0.35;0.4888888888888889;0.35647143890093996;nan;0.24666666666666667;0.49583333333333335;0.5362318840579711;0.14166666666666666;0.825;0.9318181818181818;0.5416666666666666;0.75;0.5416666666666666;0.375;0.08571428571428572;0.6923076923076923;nan;nan;nan;nan;nan
value__sudden_drop__stat_"since_share";0.0;0.3857142857142857;0.0;0.6766666666666667;0.0;0.6877637130801688;0.41500000000000004;0.0;0.0;nan;nan;0.0;nan;nan;nan;nan;nan;nan;0.4444444444444444;0.0;0.5111111111111111;0.64352856109906;nan;0.0;0.5041666666666667;0.46376811594202894;0.8583333333333334;0.17500000000000004;0.06818181818181823;0.45833333333333337;0.0;0.45833333333333337;0.625;0.0;0.0;nan;nan;nan;nan;nan
value__sudden_drop__stat_"missing_share";0.0;0.29197186853057966;0.0;0.2268906740917728;0.0;0.31732112049767575;0.21060629905166772;0.0;nan;nan;nan;0.0;nan;nan;nan;nan;nan;nan;0.11784313725490198;0.0;0.07707337793352446;0.07764781972297378;nan;0.0;0.15376072850595457;0.02366720242573773;0.03930439091119616;0.05130325424030628;0.03454403134392084;0.1332306963524396;0.0;0.3791263346184831;nan;0.0;0.0;nan;nan;nan;nan;nan
value__sudden_drop__stat_"signed_strength";6.409833840732241;-17.91638777812309;4.317473444567465;-8.919434450144106;2.759648466364852;-11.831834093624401;-12.25320516168824;1.2050567881247878;2.2718434807969805;nan;nan;0.7155243939408381;nan;nan;nan;nan;nan;nan;-1.2949440892916142;1.3312071891491495;-1.934093138497491;-2.3286103579841018;nan;2.1331077791659454;-4.2100679338369185;-1.1354701035181989;-1.4874676993919067;-3.0281387588228257;-1.1653818292283369;-1.382779762363132;1.0892841751656337;-3.13157992322105;-0.986641826822077;2.3366498804588574;1.3241562839744303;nan;nan;nan;nan;nan
"""
