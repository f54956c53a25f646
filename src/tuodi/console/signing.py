"""Signing in with two factors and out again, the first password, the second factor's enrolment."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tuodi.console.desks import ALL
from tuodi.console.forms import ConsoleForm, posted
from tuodi.console.picture.qr import qr_svg
from tuodi.platform.base import sign_in as signing
from tuodi.platform.base import staff as staff_acts
from tuodi.platform.base import two_factor
from tuodi.platform.base.signed_in import desks, own_scope

_PASSWORD = forms.PasswordInput


class SignInForm(ConsoleForm):
    """Name and password."""

    username = forms.CharField(
        label="用户名",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "data-unkept": True}),
    )
    password = forms.CharField(label="密码", strip=False, widget=_PASSWORD(attrs={"autocomplete": "current-password"}))


class CodeForm(ConsoleForm):
    """Six digits from the phone, or a recovery code."""

    code = forms.CharField(
        label="动态码",
        help_text="手机认证程序上显示的 6 位数字；手机不在身边时，可以用一个备用码。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "data-unkept": True}),
    )


class PasswordForm(ConsoleForm):
    """The password that was handed out, and one's own twice."""

    old = forms.CharField(
        label="现在的密码", strip=False, widget=_PASSWORD(attrs={"autocomplete": "current-password", "autofocus": True})
    )
    new = forms.CharField(
        label="新密码", strip=False, help_text="至少 10 位，不要只用数字，不要用姓名、单位或常见的密码。",
        widget=_PASSWORD(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label="再输入一次新密码", strip=False, widget=_PASSWORD(attrs={"autocomplete": "new-password"})
    )

    def clean_again(self) -> str:
        """The same twice: a slip of the finger locks nobody out."""
        again = str(self.cleaned_data["again"])
        if "new" in self.cleaned_data and self.cleaned_data["new"] != again:
            raise forms.ValidationError("两次输入的新密码不一样")
        return again


@own_scope
@sensitive_post_parameters("password", "code")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Password first; where the account has a second factor, the code on a page of its own."""
    if request.user.is_authenticated:
        return redirect(_onward(request))
    if request.method == "POST" and "code" in request.POST:
        return _with_code(request)
    form = SignInForm(posted(request))
    if not form.is_bound or not form.is_valid():
        return render(request, "console/sign-in.html", {"form": form, "onward": _onward(request)})
    outcome = signing.sign_in(request, **form.cleaned_data)
    return _after(request, outcome, "console/sign-in.html", form)


def _with_code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return render(request, "console/code.html", {"form": form, "onward": _onward(request)})
    return _after(request, signing.confirm(request, code=form.cleaned_data["code"]), "console/code.html", form)


def _after(request: HttpRequest, outcome: signing.Outcome, template: str, form: ConsoleForm) -> HttpResponse:
    match outcome.step:
        case signing.Step.welcome:
            return redirect(_onward(request))
        case signing.Step.code_wanted:
            return render(request, "console/code.html", {"form": CodeForm(), "onward": _onward(request)})
        case _:
            form.add_error(None, outcome.message)
            return render(request, template, {"form": form, "onward": _onward(request)}, status=403)


def _onward(request: HttpRequest) -> str:
    """Where somebody wanted to go before they were asked to sign in; never to another server."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else "/"


@own_scope
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """The session ends."""
    signing.sign_out(request)
    return redirect(settings.LOGIN_URL)


@desks(*ALL)
@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """One's own password; the one that was handed out must be changed first of all."""
    form = PasswordForm(posted(request))
    if form.does(
        lambda: staff_acts.change_password(
            staff=request.user, old=form.cleaned_data["old"], new=form.cleaned_data["new"]
        )
    ):
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已经修改。")
        return redirect("home")
    return render(request, "console/password.html", {"form": form, "must": request.user.must_change_password})


@desks(*ALL)
@sensitive_post_parameters("code")
def second_factor(request: HttpRequest) -> HttpResponse:
    """A picture for the phone, a code back, recovery codes to put away."""
    if request.user.two_factor_since is not None:
        return render(request, "console/two-factor-there.html", {"left": two_factor.left(staff=request.user)})
    form = CodeForm(posted(request))
    form.fields["code"].help_text = "手机认证程序上显示的 6 位数字。"
    if form.does(lambda: two_factor.enable(staff=request.user, code=form.cleaned_data["code"])):
        update_session_auth_hash(request, request.user)
        return render(request, "console/recovery-codes.html", {"codes": form.result})
    enrolment = two_factor.pending(staff=request.user) or two_factor.begin(staff=request.user)
    context = {"form": form, "secret": enrolment.secret, "picture": qr_svg(enrolment.address, "动态码二维码")}
    return render(request, "console/two-factor.html", context)
