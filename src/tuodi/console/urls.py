"""The console's pages by address."""

from django.urls import URLPattern, path, re_path

from tuodi.console import home, signing
from tuodi.console.administration import holidays, institutions, regions, staff, trail
from tuodi.console.clearing import acts, disallow, drawn, exported, late, refunds, terms
from tuodi.console.clearing import listed as statements
from tuodi.console.clearing import one as statement
from tuodi.console.ledger import closing, vouchers
from tuodi.console.ledger import views as ledger
from tuodi.console.payments import orders, owed
from tuodi.console.people import acts as known
from tuodi.console.people import ending
from tuodi.console.people import views as people
from tuodi.console.policies import drafting, resettled
from tuodi.console.policies import views as policies
from tuodi.console.rosters import views as rosters
from tuodi.console.settlements import at_desk, correct, listed, one, opening, revise

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("sign-in/", signing.sign_in, name="sign-in"),
    path("sign-out/", signing.sign_out, name="sign-out"),
    path("password/", signing.password, name="password"),
    path("two-factor/", signing.second_factor, name="two-factor"),
    path("people/", people.search, name="search"),
    path("people/new/", people.enrol, name="enrol"),
    path("people/ending/", ending.listed, name="ending"),
    path("people/<int:number>/", people.one, name="person"),
    path("people/<int:number>/statuses/new/", known.grant, name="grant-status"),
    path("people/<int:number>/statuses/<int:row>/<str:verb>/", known.change_status, name="change-status"),
    path("people/<int:number>/insurance/new/", known.begin_insurance, name="begin-insurance"),
    path("people/<int:number>/insurance/<int:row>/<str:verb>/", known.change_insurance, name="change-insurance"),
    path("people/<int:number>/household/", known.household, name="household"),
    path("people/<int:number>/identity/", known.identity, name="correct-person"),
    path("people/<int:number>/hand-over/", known.hand_over, name="hand-over"),
    path("people/<int:number>/settle/", at_desk.by_hand, name="settle-by-hand"),
    path("people/<int:number>/resettle/", revise.resettle, name="resettle"),
    path("people/<int:number>/opening/", opening.opening, name="opening"),
    path("counter/", at_desk.counter, name="counter"),
    path("proposals/", revise.proposals, name="proposals"),
    path("proposals/<int:number>/", revise.proposal, name="proposal"),
    path("settlements/<int:number>/cancel/", revise.cancel, name="cancel"),
    path("settlements/<int:number>/correct/", correct.correct, name="correct"),
    path("rosters/", rosters.listed, name="rosters"),
    path("rosters/new/", rosters.upload, name="upload-roster"),
    path("rosters/template/<str:department>/<str:mode>/", rosters.empty, name="roster-template"),
    path("rosters/<int:number>/paper/", rosters.paper, name="roster-paper"),
    path("rosters/<int:number>/", rosters.one, name="roster"),
    re_path(r"^rosters/(?P<number>[0-9]+)/(?P<verb>take-in|discard|undo)/$", rosters.decide, name="decide-roster"),
    path("settlements/", listed.listed, name="settlements"),
    path("settlements/<int:number>/", one.one, name="settlement"),
    path("clearing/", statements.listed, name="clearing"),
    path("clearing/draw/", drawn.draw, name="draw-statements"),
    path("clearing/late/", late.late, name="late-clearing"),
    path("clearing/terms/", terms.terms, name="clearing-terms"),
    path("clearing/refunds/", refunds.refunds, name="refunds"),
    path("clearing/refunds/<str:code>/", refunds.receive, name="refund"),
    path("clearing/<int:number>/", statement.one, name="statement"),
    path("clearing/<int:number>/rows.<str:form>", exported.exported, name="statement-rows"),
    path("clearing/<int:number>/disallow/", disallow.earlier, name="disallow-earlier"),
    path("clearing/<int:number>/disallow/<int:settlement>/", disallow.disallow, name="disallow"),
    path("clearing/<int:number>/withdraw/<int:disallowed>/", disallow.withdraw, name="withdraw-disallowance"),
    path("clearing/<int:number>/<str:verb>/", acts.act, name="act-on-statement"),
    path("payments/", orders.listed, name="payment-orders"),
    path("payments/owed/", owed.owed, name="owed-persons"),
    path("payments/owed/<int:settlement>/account/", owed.account, name="payee-account"),
    path("payments/owed/<int:settlement>/refund/", owed.refund, name="person-refund"),
    path("payments/<int:number>/", orders.one, name="payment-order"),
    path("payments/<int:number>/payees/", orders.payees, name="order-payees"),
    path("payments/<int:number>/items/<int:item>/return/", orders.give_back, name="return-payment"),
    path("payments/<int:number>/<str:verb>/", orders.act, name="act-on-order"),
    path("ledger/", ledger.year, name="ledger"),
    path("ledger/closing/", closing.close, name="close-month"),
    path("ledger/vouchers/", vouchers.listed, name="vouchers"),
    path("ledger/vouchers/<int:number>/", vouchers.one, name="voucher"),
    path("ledger/vouchers/new/<str:name>/", vouchers.prepare, name="prepare-voucher"),
    path("ledger/vouchers/reverse/<path:cause>/", vouchers.reverse, name="reverse-voucher"),
    path("ledger/accounts/<str:region>/<str:source>/<str:kind>/<int:shown>/", ledger.account, name="account-lines"),
    path("ledger/entries/<path:cause>/", ledger.entry, name="entry"),
    path("policies/", policies.listed, name="policies"),
    path("policies/<int:number>/", policies.one, name="policy"),
    path("policies/<int:number>/resettled/", resettled.resettled, name="resettled"),
    path("policies/new/", drafting.choose, name="new-policy"),
    path("policies/new/<str:document>/", drafting.prepare, name="draft-policy"),
    path("policies/drafts/<int:number>/", drafting.look, name="draft"),
    path("staff/", staff.listed, name="staff"),
    path("staff/new/", staff.new, name="new-staff"),
    path("staff/<int:number>/", staff.one, name="account"),
    re_path(rf"^staff/(?P<number>[0-9]+)/(?P<name>{'|'.join(staff.ACTS)})/$", staff.act, name="account-act"),
    path("institutions/", institutions.listed, name="institutions"),
    path("institutions/new/", institutions.new, name="new-institution"),
    path("institutions/<str:code>/agreement/", institutions.agreement, name="agreement"),
    path("institutions/<str:code>/agreement/end/", institutions.end_agreement, name="end-agreement"),
    path("institutions/<str:code>/", institutions.one, name="institution"),
    path("institutions/<str:code>/revoke/<str:access_key>/", institutions.revoke, name="revoke-credential"),
    path("regions/", regions.regions, name="regions"),
    path("holidays/", holidays.years, name="holidays"),
    path("trail/", trail.trail, name="trail"),
]
