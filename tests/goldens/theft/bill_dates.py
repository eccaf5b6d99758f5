"""bill_dates: first and last bill, in days since 1970, and the days between."""
from theft_series import DAY, columns


def oracle(series):
    first, last = series.times[0] / DAY, series.times[-1] / DAY
    return columns("attr", {"first": first, "last": last, "span": (series.times[-1] - series.times[0]) / DAY})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__bill_dates__attr_"first";16071.0;16134.0;16587.0;16326.0;16326.0;16830.0;16071.0;16161.0;16161.0;16071.0;16071.0;16071.0;16071.0;16071.0;16128.0;16128.0;16128.0;16128.0;16128.0;16128.0;16128.0;16071.020833333334;16071.0;16071.0;16071.0;14975.0;15712.0;0.0;14123.0;14120.0;14120.0;14123.0;14120.0;14000.0;14120.0;14059.0;14059.0;14120.0;14123.0;14120.0
value__bill_dates__attr_"last";17220.0;16833.0;17006.0;16625.0;16625.0;17079.0;16385.0;16320.0;16210.0;16130.0;16130.0;16154.0;16130.0;16110.0;16128.0;16129.0;16130.0;16132.0;16136.0;16147.0;16172.0;16101.0;16091.8125;16077.229166666666;16090.958333333334;17226.0;16545.0;0.0010300925925925926;18627.0;16550.0;16792.0;16119.0;15577.0;17716.0;16123.0;15309.0;14297.0;14212.0;14123.0;14760.0
value__bill_dates__attr_"span";1149.0;699.0;419.0;299.0;299.0;249.0;314.0;159.0;49.0;59.0;59.0;83.0;59.0;39.0;0.0;1.0;2.0;4.0;8.0;19.0;44.0;29.979166666666668;20.8125;6.229166666666667;19.958333333333332;2251.0;833.0;0.0010300925925925926;4504.0;2430.0;2672.0;1996.0;1457.0;3716.0;2003.0;1250.0;238.0;92.0;0.0;640.0
"""
