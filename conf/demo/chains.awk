# SPDX-License-Identifier: GPL-3.0-or-later
# chains.awk - real places of chain stores in Florida -> the CSV files of the first demo territory.
#   for f in FOLDER/*.csv.gz; do echo "@$(basename "$f" .csv.gz)"; zcat "$f"; done | awk -v out=florida -f chains.awk
# Input: longitude, latitude, name, then address, town and phone in one to three cells. Real: places, names, addresses.
# Made up: codes, areas by the nearest city, distributors, tiers, seats and people.
function cells(line,    n, i, c, q, cur) { # one CSV line into cell[1..n]
	n = 1; cur = ""; q = 0
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		if (c == "\"") q = !q
		else if (c == "," && !q) { cell[n++] = cur; cur = "" }
		else cur = cur c
	}
	cell[n] = cur
	return n
}
function trim(s) { gsub(/^[ ,-]+|[ ,]+$/, "", s); return s }
function title(s,    n, w, i, t) {
	if (s != toupper(s)) return s
	n = split(tolower(s), w, " "); t = ""
	for (i = 1; i <= n; i++) t = t (i > 1 ? " " : "") toupper(substr(w[i], 1, 1)) substr(w[i], 2)
	return t
}
function quote(s) { gsub(/"/, "\"\"", s); return s ~ /[",]/ ? "\"" s "\"" : s }
function random() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
function city_of(name, text,    s) {
	if (match(name, /-[^-]*,FL/)) return trim(substr(name, RSTART + 1, RLENGTH - 4))
	if (match(name, /\([A-Z][^)]*\)$/) && chain == "dollar-tree") return substr(name, RSTART + 1, RLENGTH - 2)
	if (match(name, /^HD - [^-]*/)) return title(trim(substr(name, 6, RLENGTH - 5)))
	if (chain == "starbucks" && match(name, /- [^-]* FL/)) return trim(substr(name, RSTART + 2, RLENGTH - 5))
	if (match(text, /, *[A-Za-z .]+, *FL/)) return trim(substr(text, RSTART + 1, RLENGTH - 3))
	if (match(text, /[A-Z][a-z]+,? FL/)) { s = substr(text, RSTART, RLENGTH); sub(/,? FL$/, "", s); return s }
	return ""
}
function nearest(lat, lon,    a, d, best, least) {
	least = 1e9
	for (a = 1; a <= n_areas; a++) {
		d = (lat - area_lat[a]) ^ 2 + ((lon - area_lon[a]) * 0.88) ^ 2
		if (d < least) { least = d; best = a }
	}
	return best
}
# Cut the outlets m[from..to] of an area into `parts` of about equal work, again and again across the wider side; a home in each.
function homes(from, to, parts,    i, j, lat1, lat2, lon1, lon2, by_lat, work, half, cut, left, k) {
	if (parts <= 1) {
		i = m[int((from + to) / 2)]
		n_seats++
		seat_area[n_seats] = current
		seat_lat[n_seats] = lat_of[i] + (random() - 0.5) * 0.02
		seat_lon[n_seats] = lon_of[i] + (random() - 0.5) * 0.02
		return
	}
	lat1 = lon1 = 1e9; lat2 = lon2 = -1e9; work = 0
	for (i = from; i <= to; i++) {
		k = m[i]; work += visits[k]
		if (lat_of[k] < lat1) lat1 = lat_of[k]
		if (lat_of[k] > lat2) lat2 = lat_of[k]
		if (lon_of[k] < lon1) lon1 = lon_of[k]
		if (lon_of[k] > lon2) lon2 = lon_of[k]
	}
	by_lat = lat2 - lat1 > (lon2 - lon1) * 0.88
	for (i = from + 1; i <= to; i++) { # insertion sort: an area has some hundred outlets
		k = m[i]
		for (j = i - 1; j >= from && (by_lat ? lat_of[m[j]] > lat_of[k] : lon_of[m[j]] > lon_of[k]); j--) m[j + 1] = m[j]
		m[j + 1] = k
	}
	left = int(parts / 2); half = 0
	for (cut = from; cut < to; cut++) { half += visits[m[cut]]; if (half >= work * left / parts) break }
	homes(from, cut, left); homes(cut + 1, to, parts - left)
}
BEGIN {
	seed = 20261122
	n_areas = split("Miami|Fort Lauderdale|West Palm Beach|Orlando|Tampa|St. Petersburg|Jacksonville|Tallahassee|Pensacola|Fort Myers|Sarasota|Gainesville|Daytona Beach|Melbourne|Lakeland|Panama City", area, "|")
	split("25.774 26.122 26.715 28.538 27.951 27.771 30.332 30.438 30.421 26.641 27.336 29.652 29.211 28.084 28.039 30.159", area_lat, " ")
	split("-80.194 -80.137 -80.053 -81.379 -82.457 -82.679 -81.656 -84.281 -87.217 -81.873 -82.531 -82.325 -81.023 -80.608 -81.950 -85.660", area_lon, " ")
	split("7-eleven|7-Eleven|burgerking|Burger King|dairyqueen|Dairy Queen|dollar-tree|Dollar Tree|home-depot|The Home Depot|mcdonalds|McDonald's|pizzahut|Pizza Hut|starbucks|Starbucks|trader-joes|Trader Joe's|walmart|Walmart|wendys|Wendy's", pairs, "|")
	for (i = 1; pairs[i] != ""; i += 2) label[pairs[i]] = pairs[i + 1]
	tier["walmart"] = tier["home-depot"] = tier["trader-joes"] = 1
	tier["7-eleven"] = tier["starbucks"] = tier["mcdonalds"] = 2
	n_first = split("Maria|James|Linda|Carlos|Ashley|Michael|Sofia|David|Karen|Luis|Emily|Robert|Grace|Kevin|Diana|Brian", first, "|")
	n_last = split("Alvarez|Baker|Chen|Diaz|Evans|Foster|Garcia|Hughes|Ivanov|Jones|Keller|Lopez|Moore|Nguyen|Ortiz|Perez", last, "|")
}
/^@/ { chain = substr($0, 2); next }
/[ ,]FL[ ,"0-9(]/ || /[ ,]FL$/ {
	sub(/\r$/, ""); sub(/"[ ]*$/, "\"")
	k = cells($0)
	lon = cell[1] + 0; lat = cell[2] + 0
	text = ""
	for (i = 4; i <= k; i++) text = text (i > 4 ? ", " : "") cell[i]
	if (lat < 24.4 || lat > 31.1 || lon < -87.7 || lon > -79.9 || seen[chain, lat, lon]++) next
	n++
	lat_of[n] = lat; lon_of[n] = lon; chain_of[n] = chain
	name = cell[3]; sub(/;.*/, "", name)
	city = city_of(cell[3], text)
	zip = match(text, /FL *[0-9][0-9][0-9][0-9][0-9]/) ? substr(text, RSTART + RLENGTH - 5, 5) : ""
	phone = match(text, /\(?[0-9][0-9][0-9]\)?[- ][0-9][0-9][0-9]-[0-9][0-9][0-9][0-9]/) ? substr(text, RSTART, RLENGTH) : ""
	address = text; sub(/,? *[(]?[0-9][0-9][0-9][)]?[- ][0-9][0-9][0-9]-[0-9]+.*/, "", address); sub(/ *Phone:.*/, "", address)
	sub(/,? *FL[ ,0-9-]*(USA)? *$/, "", address)
	if (city != "" && length(address) > length(city) && toupper(substr(address, length(address) - length(city) + 1)) == toupper(city))
		address = substr(address, 1, length(address) - length(city))
	area_of[n] = nearest(lat, lon)
	t = tier[chain] ? tier[chain] : 3
	visits[n] = t == 1 ? 4 : t == 2 ? 2 : 1
	count[chain]++
	code[n] = sprintf("FL-%s-%04d", toupper(substr(chain, 1, 3)), count[chain])
	row[n] = sprintf("%s,%s,%s,%s,%s,%s,%.6f,%.6f,United States,Florida,%s,%s,GT,%s", code[n], quote(name), quote(trim(address)), quote(city), zip, phone, lat, lon,
		area[area_of[n]], quote(label[chain]), substr("ABC", t, 1))
}
END {
	f = out "-outlets.csv"
	print "outlet_code,outlet_name,address,city,zip,phone,latitude,longitude,country,state,area,chain,channel,class" > f
	for (i = 1; i <= n; i++) print row[i] > f
	f = out "-mapping.csv"
	print "outlet_code,dt_code" > f
	for (i = 1; i <= n; i++) printf "%s,FL-DT-%02d\n", code[i], area_of[i] > f
	f = out "-distributors.csv"
	print "dt_code,dt_name,address,latitude,longitude" > f
	for (a = 1; a <= n_areas; a++) printf "FL-DT-%02d,%s Distribution (made up),,%.6f,%.6f\n", a, area[a], area_lat[a], area_lon[a] > f
	f = out "-seats.csv"
	print "seat_code,seat_name,person_code,person,territory,dt_code,channel,vehicle,home_lat,home_lon,max_calls" > f
	for (a = 1; a <= n_areas; a++) {
		k = 0; work = 0
		for (i = 1; i <= n; i++) if (area_of[i] == a) { m[++k] = i; work += visits[i] }
		current = a; before = n_seats
		homes(1, k, int(work / per_seat) + 1)
		for (s = before + 1; s <= n_seats; s++)
			printf "FL-S%03d,%s %d,FL-P%03d,%s %s,%s,FL-DT-%02d,GT,car,%.5f,%.5f,%d\n", s, area[a], s - before, s, first[int(random() * n_first) + 1],
				last[int(random() * n_last) + 1], area[a], a, seat_lat[s], seat_lon[s], 18 > f
	}
	print n " outlets, " n_seats " seats" > "/dev/stderr"
}
