"""bill_change_point: the splits, three bills on either side, with the largest fall, rise and standardised difference."""
import math

from theft_series import DAY, NAN, columns, deviation, mean, undefined


def oracle(series):
    x, n = series.seen_values, len(series.seen)
    if n < 6:
        return columns("attr", undefined("fall", "fall_age", "rise", "rise_age", "score", "score_age"))

    def log(value):
        return math.log(max(value, 0) + 10)

    splits = range(3, n - 2)
    change = {at: log(mean(x[at:])) - log(mean(x[:at])) for at in splits}
    spread = deviation(x)
    score = {at: abs(mean(x[at:]) - mean(x[:at])) / spread * math.sqrt(at * (n - at) / n) if spread > 0 else 0 for at in splits}

    def age(at, found):
        return (series.seen_times[-1] - series.seen_times[at]) / DAY if found else NAN

    def first(choose, of):
        return choose(splits, key=lambda at: round(of[at], 12))

    fall, rise, best = first(min, change), first(max, change), first(max, score)
    return columns("attr", {"fall": min(change[fall], 0), "fall_age": age(fall, change[fall] < 0), "rise": max(change[rise], 0),
                            "rise_age": age(rise, change[rise] > 0), "score": score[best], "score_age": age(best, score[best] > 0)})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__bill_change_point__attr_"fall";-0.24764561497286364;-0.49846912603333005;-0.1889690785109024;-0.19543030965673447;-0.055051357903892484;-0.306827277334464;-0.3318328523878975;-0.30160853291565015;0.0;0.0;0.0;0.0;0.0;nan;nan;nan;nan;nan;-0.18265494569519225;-0.0012196405675473088;-0.09663088200020598;-0.027685387009422247;0.0;-0.03853380314644639;-0.018175831045858182;-0.1453651250635115;-0.04285603244227776;-0.21544028064255683;-0.6698457798801396;-0.47338500272757233;-0.38558047873113566;-1.7046585226203796;0.0;-0.017647031713312167;-0.008163310639160759;0.0;nan;nan;nan;nan
value__bill_change_point__attr_"fall_age";1137.0;267.0;369.0;246.0;194.0;223.0;82.0;2.0;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;3.0;9.0;22.0;0.14583333333333334;nan;6.166666666666667;16.666666666666668;1004.0;714.0;5.787037037037037e-05;492.0;307.0;2156.0;120.0;nan;1516.0;1399.0;nan;nan;nan;nan;nan
value__bill_change_point__attr_"rise";0.2485116177224156;0.0;0.6144269810713912;0.19791960170444645;0.4579706169257767;0.25856547731527213;0.0;0.2726054999262635;0.0;0.0;0.0;0.035667118748181625;0.0;nan;nan;nan;nan;nan;0.08360734894396016;0.13083441545519747;0.048347273979090666;0.020184213991033317;0.0;0.13047089284845725;0.01859651580863142;0.11282240063689475;0.036919710919246285;0.011315028291148721;0.2638808914359956;0.019920214334430142;0.4635308133333469;0.8309179403685265;0.0;0.34499991235822947;0.025764136936131443;0.0;nan;nan;nan;nan
value__bill_change_point__attr_"rise_age";47.0;nan;411.0;2.0;289.0;2.0;nan;155.0;nan;nan;nan;80.0;nan;nan;nan;nan;nan;nan;5.0;13.0;41.0;29.875;nan;0.041666666666666664;0.125;821.0;42.0;0.0009027777777777777;2824.0;1943.0;944.0;1694.0;nan;3381.0;512.0;nan;nan;nan;nan;nan
value__bill_change_point__attr_"score";9.340911321536892;19.542284875888885;8.010761990890629;10.320987747491762;4.608028181607158;10.616864260078545;9.398141335171992;1.481526979725734;2.162948953906446;0.0;0.0;1.8215829876684773;0.0;nan;nan;nan;nan;nan;1.1889130323167156;1.2758815770097816;1.8583935418240056;2.4601871476442305;0.0;2.2462988681620826;4.285453340096902;2.3890766280523317;1.4739414960376063;2.881458544228913;1.147802278448574;1.3307837797459934;1.0669127453216065;2.681658910740426;0.9579311514228704;2.173277019222609;1.5757756131723777;0.0;nan;nan;nan;nan
value__bill_change_point__attr_"score_age";123.0;269.0;108.0;202.0;57.0;170.0;82.0;6.0;17.0;nan;nan;80.0;nan;nan;nan;nan;nan;nan;3.0;12.0;22.0;19.25;nan;4.6875;10.041666666666666;1004.0;714.0;0.00015046296296296297;492.0;1005.0;944.0;910.0;851.0;3381.0;512.0;nan;nan;nan;nan;nan
"""
