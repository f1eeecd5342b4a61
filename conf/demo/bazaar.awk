# SPDX-License-Identifier: GPL-3.0-or-later
# bazaar.awk - a made-up bazaar town of 5,000 small shops, the second demo territory: awk -v out=bazaar -f bazaar.awk
# Nothing in it is real. Quarters of narrow lanes with a shop every few metres, market halls with ten shops on one pin,
# and villages around. The same seed gives the same town with any awk.
function random() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
function pick(list, n) { return list[int(random() * n) + 1] }
# metres east and north of the centre -> degrees
function lat_of(y) { return 22.7000 + y / 111320 }
function lon_of(x) { return 77.0500 + x / 102700 }
function shop(q, x, y, where,    t, f, freq) {
	if (n >= 5000) return
	n++
	t = random(); t = t < 0.10 ? 1 : t < 0.40 ? 2 : 3
	f = random()
	freq = f < 0.03 ? "once in 2 weeks" : f < 0.05 ? "weekly" : ""
	visits[q] += freq == "weekly" ? 4 : freq != "" ? 2 : t == 1 ? 4 : t == 2 ? 2 : 1
	sx[n] = x; sy[n] = y; squarter[n] = q
	printf "BZ-%05d,%s %s,\"%s, %s\",Bazaar Nagar,465001,%.6f,%.6f,India,Bazaar Town (made up),%s,BZ-DT-%d,%s,%s,%s,%s\n", n, pick(family, n_family),
		pick(trade, n_trade), where, quarter[q], lat_of(y), lon_of(x), quarter[q], dt[q], random() < 0.02 ? "WS" : "GT",
		substr("ABC", t, 1), freq, q % 6 == 0 ? "Tue" : "Sun" > outlets
}
BEGIN {
	seed = 5000
	n_first = split("Anita|Ravi|Meena|Suresh|Farah|Imran|Kavita|Deepak|Sunita|Arjun|Nisha|Mohan", first, "|")
	outlets = out "-outlets.csv"
	n_family = split("Sharma|Gupta|Khan|Patel|Verma|Jain|Yadav|Ansari|Mishra|Sahu|Rathore|Qureshi|Soni|Malviya|Chouhan|Joshi", family, "|")
	n_trade = split("Kirana Store|General Store|Provision|Paan Corner|Tea Stall|Sweets|Medical|Dairy|Bakery|Cold Drinks|Stationery|Departmental", trade, "|")
	n_quarters = split("Sarafa Chowk|Old Grain Market|Cloth Market|Station Road|Fort Gate|Temple Street|Lake Side|Bus Stand|Weavers Colony|Potters Lane|Civil Lines|College Road|Hospital Square|New Colony|Mill Area|River Bank|East Village|North Village|West Village|South Village|Hill Village|Brick Village", quarter, "|")
	print "outlet_code,outlet_name,address,town,pincode,latitude,longitude,country,state,area,distributor_code,channel,class,visit_frequency,weekly_off" > outlets
	for (q = 1; q <= n_quarters; q++) { # inner quarters in two rings, villages far out
		angle = 6.2832 * (q <= 6 ? q / 6 : q <= 16 ? (q - 6) / 10 : (q - 16) / 6) + random() * 0.3
		radius = q <= 6 ? 500 + random() * 200 : q <= 16 ? 1500 + random() * 700 : 6000 + random() * 4000
		qx[q] = radius * cos(angle); qy[q] = radius * sin(angle)
		dt[q] = int((angle / 6.2832 - int(angle / 6.2832)) * 4) + 1
		left[q] = q <= 6 ? 380 + int(random() * 90) : q <= 16 ? 170 + int(random() * 80) : 45 + int(random() * 30)
	}
	for (q = 1; q <= n_quarters; q++) {
		lane = 0
		while (left[q] > 0) {
			lane++
			a = random() * 6.2832; spread = q <= 6 ? 220 : q <= 16 ? 330 : 250
			x = qx[q] + (random() - 0.5) * 2 * spread; y = qy[q] + (random() - 0.5) * 2 * spread
			if (random() < 0.06 && left[q] >= 10) { # a market hall: ten shops, one pin
				for (i = 1; i <= 10; i++) shop(q, x, y, "Market Hall " lane " No " i)
				left[q] -= 10
				continue
			}
			m = 12 + int(random() * 40); if (m > left[q]) m = left[q]
			for (i = 0; i < m; i++) {
				x += cos(a) * (3 + random() * 5); y += sin(a) * (3 + random() * 5)
				side = i % 2 ? 3 : -3
				shop(q, x - sin(a) * side, y + cos(a) * side, "Lane " lane " No " i + 1)
			}
			left[q] -= m
		}
	}
	while (n < 5000) { q = int(random() * 16) + 1; shop(q, qx[q] + (random() - 0.5) * 800, qy[q] + (random() - 0.5) * 800, "Corner " n) }
	f = out "-distributors.csv"
	print "dt_code,dt_name,address,latitude,longitude" > f
	for (d = 1; d <= 4; d++) {
		a = 6.2832 * (d - 0.5) / 4
		printf "BZ-DT-%d,%s Agencies (made up),Godown %d,%.6f,%.6f\n", d, family[d], d, lat_of(1400 * sin(a)), lon_of(1400 * cos(a)) > f
	}
	# Seats by the work of each distributor; they start the day at home, somewhere among its shops. Walkers have inner quarters.
	for (q = 1; q <= n_quarters; q++) work[dt[q]] += visits[q]
	f = out "-seats.csv"
	print "seat_code,seat_name,person_code,person,state,dt_code,channel,vehicle,home_lat,home_lon,max_calls" > f
	for (d = 1; d <= 4; d++) {
		seats = int(work[d] / per_seat) + 1
		for (s = 1; s <= seats; s++) {
			k++
			do i = int(random() * n) + 1; while (dt[squarter[i]] != d || (s == seats && squarter[i] > 6))
			printf "BZ-S%02d,Bazaar %d.%d,BZ-P%02d,%s %s,Bazaar Town (made up),BZ-DT-%d,GT,%s,%.6f,%.6f,%d\n", k, d, s, k, pick(first, n_first), family[k % n_family + 1], d,
				s == seats ? "walk" : "two-wheeler", lat_of(sy[i]), lon_of(sx[i]), 40 > f
		}
	}
	print n " shops, " k " seats" > "/dev/stderr"
}
