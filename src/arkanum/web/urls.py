# SPDX-License-Identifier: MPL-2.0
"""All routes. Each view carries its mark (an action, or public); one without does not start."""

from __future__ import annotations

from django.urls import path

from arkanum.web import failures
from arkanum.web.brake import rules
from arkanum.web.brake import views as brake
from arkanum.web.chart import correcting, emergency
from arkanum.web.chart import views as chart
from arkanum.web.copies import exporting
from arkanum.web.copies import views as copies
from arkanum.web.gate import devices as gate_devices
from arkanum.web.gate import first_start, lock, passphrases, recover, setting_up, sign_in
from arkanum.web.gate import passkeys as gate_passkeys
from arkanum.web.house import views as house
from arkanum.web.lists import views as lists
from arkanum.web.log import alarms as log_alarms
from arkanum.web.log import export as log_export
from arkanum.web.log import sheets as log_sheets
from arkanum.web.moving import views as moving
from arkanum.web.network import views as network
from arkanum.web.patients import finding
from arkanum.web.patients import views as patients
from arkanum.web.patients import walls as patient_walls
from arkanum.web.people import account, devices, enrolling, log, passkeys, staff, walls

urlpatterns = [
    path("", house.start, name="start"),
    path("static/<str:name>", house.asset, name="asset"),
    path("health", house.alive, name="health"),
    # before the sign-in
    path("erster-start", first_start.found, name="first-start"),
    path("erster-start/papier", first_start.paper, name="paper"),
    path("erster-start/papier/neu", first_start.new_paper, name="paper-new"),
    path("anmelden", sign_in.sign_in, name="sign-in"),
    path("anmelden/passkey", gate_passkeys.sign_in, name="passkey-sign-in"),
    path("anmelden/passkey/beginnen", gate_passkeys.begin, name="passkey-begin"),
    path("anmelden/sperren", lock.lock, name="lock"),
    path("anmelden/gesperrt", lock.locked, name="locked"),
    path("anmelden/wechseln", lock.change, name="change-person"),
    path("abmelden", sign_in.sign_out, name="sign-out"),
    path("versiegeln", sign_in.seal, name="seal"),
    path("versiegelt", sign_in.sealed, name="sealed"),
    path("wiederherstellen", recover.recover, name="recover"),
    path("geraet", gate_devices.become, name="become-device"),
    path("geraet/warten", gate_devices.wait, name="await-device"),
    path("geraet/link", gate_devices.take_link, name="take-link"),
    path("geraet/einrichten", setting_up.set_up, name="set-up"),
    path("geraet/datei/<slug:kind>", setting_up.file, name="set-up-file"),
    path("passphrase/pruefen", passphrases.judge, name="judge"),
    path("passphrase/vorschlag", passphrases.propose, name="suggest"),
    # patients
    path("suche", finding.search, name="search"),
    path("suche/treffer", finding.hits, name="hits"),
    path("patient/neu", patients.new, name="patient-new"),
    path("patient/doppelt", patients.twins, name="patient-twins"),
    path("patient/<uuid:patient>", patients.show, name="patient"),
    path("patient/<uuid:patient>/speichern", patients.write, name="patient-write"),
    path("patient/<uuid:patient>/fassungen", patients.versions, name="patient-versions"),
    path("patient/<uuid:patient>/bereich", patient_walls.put, name="patient-wall"),
    path("patient/<uuid:patient>/kopie", copies.offer, name="copy"),
    path("patient/<uuid:patient>/kopie/<slug:form>", copies.hand_out, name="copy-made"),
    # charts
    path("kartei/zeile", chart.weigh, name="weigh"),
    path("kartei/<uuid:patient>", chart.show, name="chart"),
    path("kartei/<uuid:patient>/eintrag", chart.write, name="write"),
    path("kartei/<uuid:patient>/eintrag/<uuid:record>", correcting.entry, name="entry"),
    path("kartei/<uuid:patient>/eintrag/<uuid:record>/korrigieren", correcting.correct, name="correct"),
    path("kartei/<uuid:patient>/eintrag/<uuid:record>/streichen", correcting.strike, name="strike"),
    path("kartei/<uuid:patient>/notfall", emergency.break_glass, name="emergency"),
    # people, devices, log
    path("team", staff.team, name="staff"),
    path("team/neu", staff.add, name="staff-add"),
    path("team/<uuid:person>/schluessel", staff.hand_over, name="staff-hand-over"),
    path("team/<uuid:person>/rolle", staff.change_role, name="staff-role"),
    path("team/<uuid:person>/ausgeschieden", staff.leave, name="staff-leave"),
    path("team/<uuid:person>/zugang", staff.restore, name="staff-restore"),
    path("geraete", devices.listed, name="devices"),
    path("geraete/aufnahme", enrolling.enrolment, name="enrolment"),
    path("geraete/aufnahme/stand", enrolling.state, name="enrolment-state"),
    path("geraete/aufnahme/ende", enrolling.close, name="enrolment-close"),
    path("geraete/code", enrolling.look, name="devices-look"),
    path("geraete/freigeben", enrolling.approve, name="devices-approve"),
    path("geraete/ablehnen", enrolling.refuse, name="devices-refuse"),
    path("geraete/erneuern", devices.renew, name="devices-renew"),
    path("geraete/<uuid:device>/umbenennen", devices.rename, name="devices-rename"),
    path("geraete/einladen", devices.invite, name="devices-invite"),
    path("geraete/<uuid:device>/entfernen", devices.remove, name="devices-remove"),
    path("bereiche", walls.listed, name="walls"),
    path("bereiche/neu", walls.make, name="wall-make"),
    path("bereiche/<slug:wall>/aufnehmen", walls.join, name="wall-join"),
    path("bereiche/<slug:wall>/herausnehmen", walls.leave, name="wall-leave"),
    path("netz", network.show, name="network"),
    path("netz/stand", network.state, name="network-state"),
    path("netz/firewall", network.rules, name="network-firewall"),
    path("netz/speichern", network.save, name="network-save"),
    path("konto", account.passphrase, name="account"),
    path("konto/pin", account.pin, name="account-pin"),
    path("konto/strasse", account.street, name="account-street"),
    path("konto/pin/entfernen", account.remove_pin, name="account-pin-remove"),
    path("konto/ueberall-abmelden", account.everywhere, name="account-everywhere"),
    path("konto/sitzung/<uuid:session>/beenden", account.end_session, name="account-session-end"),
    path("konto/passkey/neu", passkeys.begin, name="passkey-new"),
    path("konto/passkey", passkeys.add, name="passkey-add"),
    path("konto/passkey/<uuid:passkey>/name", passkeys.rename, name="passkey-rename"),
    path("konto/passkey/<uuid:passkey>/entfernen", passkeys.remove, name="passkey-remove"),
    path("team/<uuid:person>/passkeys", passkeys.remove_of, name="staff-passkeys"),
    path("konto/da", account.here, name="here"),
    path("protokoll", log.newest, name="log"),
    path("protokoll/meins", log.mine, name="log-own"),
    path("protokoll/wochenblatt", log_sheets.weekly, name="weekly"),
    path("protokoll/wochenblatt/drucken", log_sheets.print_weekly, name="weekly-print"),
    path("protokoll/auszug", log_export.excerpt, name="log-export"),
    path("protokoll/<uuid:patient>", log.of_patient, name="log-patient"),
    path("protokoll/<uuid:patient>/auskunft", log_sheets.for_patient, name="patient-sheet"),
    path("alarme", log_alarms.listed, name="alarms"),
    path("alarme/stand", log_alarms.strip, name="alarms-strip"),
    path("alarme/quittieren", log_alarms.acknowledge, name="alarms-acknowledge"),
    path("protokoll/pruefen", log.verify, name="log-verify"),
    path("export", exporting.listed, name="exports"),
    path("export/neu", exporting.prepare, name="export-prepare"),
    path("export/<uuid:order>/zustimmen", exporting.agree, name="export-agree"),
    path("export/<uuid:order>/datei", exporting.save, name="export-save"),
    path("listen/rueckruf", lists.recall, name="list-recall"),
    path("listen/abrechnung", lists.billing, name="list-billing"),
    # the brake
    path("weiter", brake.go_on, name="brake-on"),
    path("bremse", rules.show, name="brake"),
    path("bremse/grenzen", rules.limits, name="brake-limits"),
    path("bremse/koeder", rules.plant, name="canary-plant"),
    path("bremse/koeder/<uuid:patient>/aufheben", rules.remove, name="canary-remove"),
    path("koeder", rules.met, name="canary-met"),
    path("zustimmung", brake.agreements, name="agreements"),
    path("zustimmung/<uuid:wish>", brake.agree, name="agree"),
    # moving in
    path("uebernahme", moving.listed, name="moving"),
    path("uebernahme/datei", moving.begin, name="moving-begin"),
    path("uebernahme/<uuid:job>", moving.show, name="moving-job"),
    path("uebernahme/<uuid:job>/entscheiden", moving.decide, name="moving-decide"),
    path("uebernahme/<uuid:job>/<slug:deed>", moving.steer, name="moving-steer"),
]

handler400 = failures.bad_request
handler403 = failures.forbidden
handler404 = failures.not_found
handler500 = failures.broken
