"""bill_event: bills with anything but 0, and the latest of them."""
from theft_series import DAY, NAN, columns, undefined


def oracle(series):
    if not series.seen:
        return columns("attr", undefined("count", "share", "bills_since", "days_since", "date"))
    events = [at for at, value in enumerate(series.seen_values) if value != 0]
    times, n = series.seen_times, len(series.seen)
    return columns("attr", {
        "count": len(events), "share": len(events) / n, "bills_since": n - 1 - events[-1] if events else NAN,
        "days_since": (times[-1] - times[events[-1]]) / DAY if events else NAN, "date": times[events[-1]] / DAY if events else NAN})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__bill_event__attr_"count";1030.0;700.0;294.0;300.0;300.0;237.0;200.0;160.0;50.0;60.0;60.0;84.0;0.0;nan;1.0;2.0;3.0;5.0;9.0;20.0;45.0;1383.0;1000.0;300.0;420.0;69.0;120.0;80.0;44.0;24.0;16.0;24.0;16.0;35.0;5.0;12.0;5.0;2.0;1.0;nan
value__bill_event__attr_"share";1.0;1.0;0.7170731707317073;1.0;1.0;1.0;1.0;1.0;1.0;1.0;1.0;1.0;0.0;nan;1.0;1.0;1.0;1.0;1.0;1.0;1.0;1.0;1.0;1.0;0.875;1.0;1.0;1.0;1.0;1.0;0.5714285714285714;1.0;1.0;1.0;0.19230769230769232;1.0;1.0;1.0;1.0;nan
value__bill_event__attr_"bills_since";0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;nan;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;1.0;0.0;0.0;0.0;2.0;0.0;0.0;0.0;0.0;nan
value__bill_event__attr_"days_since";0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;nan;nan;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;0.0;120.0;0.0;0.0;0.0;60.0;0.0;0.0;0.0;0.0;nan
value__bill_event__attr_"date";17220.0;16833.0;17006.0;16625.0;16625.0;17079.0;16360.0;16320.0;16210.0;16130.0;16130.0;16154.0;nan;nan;16128.0;16129.0;16130.0;16132.0;16136.0;16147.0;16172.0;16100.979166666666;16091.8125;16077.229166666666;16090.958333333334;17226.0;16545.0;0.0010185185185185184;18627.0;16489.0;16672.0;16119.0;15577.0;17716.0;16063.0;15309.0;14297.0;14212.0;14123.0;nan
"""
