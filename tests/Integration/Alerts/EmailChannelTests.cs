using System.Text;
using MimeKit;
using Moq;
using WhatsOps.Alerts;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>Alerts by e-mail, against a real socket.</summary>
public sealed class EmailChannelTests : IAsyncLifetime
{
    private const string User = "planted-smtp-user", Password = "planted-smtp-password";
    private static readonly Guid Id = new("01a20000-0000-7000-8000-000000000001");

    private readonly SmtpServer server = new();
    private readonly Mock<IFleet> fleet = new();
    private bool trusts;

    public ValueTask InitializeAsync()
    {
        fleet.Setup(f => f.Resolve("${env:SMTP_USER}")).Returns(User);
        fleet.Setup(f => f.Resolve("${env:SMTP_PASSWORD}")).Returns(Password);
        return default;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact, Capability("R-112"), Capability("R-188")]
    public async Task A_mail_arrives_with_its_subject_and_the_same_words_as_text_and_as_html()
    {
        server.Login = (User, Password);
        Assert.Null((await SendAsync(Smtp(SmtpSecurity.None, login: true))).Error);

        var (received, mail) = Received();
        Assert.Equal(("whatsops@example.com", "ana@example.com rui@example.com"), (received.From, string.Join(' ', received.To)));
        Assert.Equal("CRITICAL: WhatsApp Integration Alert – revalya: gateway_unreachable, gateway g1", mail.Subject);
        Assert.Equal($"{Id}@whatsops", mail.MessageId);
        foreach (var body in new[] { mail.TextBody, mail.HtmlBody })
        {
            Assert.Contains("Cause", body, StringComparison.Ordinal);
            Assert.Contains("https://w.example.com/api/alerts/ack/token", body, StringComparison.Ordinal);
        }

        Assert.Contains("A <b> & c", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("A &lt;b&gt; &amp; c<br>second line", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
    }

    [Fact]
    public async Task Nothing_in_a_name_can_add_a_header_or_a_recipient()
    {
        await SendAsync(Smtp(SmtpSecurity.None), Message() with { Title = "instance_missing, tenant a\r\nBcc: x@example.com" });
        var (received, mail) = Received();
        Assert.Equal(2, received.To.Count);
        Assert.Empty(mail.Bcc);
        Assert.EndsWith("tenant a  Bcc: x@example.com", mail.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_starttls_the_login_is_read_by_nobody_on_the_wire()
    {
        (server.Certificate, server.Login, trusts) = (SmtpServer.SelfSigned(), (User, Password), true);
        Assert.Null((await SendAsync(Smtp(SmtpSecurity.StartTls, login: true))).Error);
        Assert.Contains(server.Commands, command => command.StartsWith("(tls)AUTH", StringComparison.Ordinal));
        Assert.Single(server.Mails);
    }

    [Fact]
    public async Task Tls_may_begin_with_the_first_byte()
    {
        (server.Certificate, server.ImplicitTls, trusts) = (SmtpServer.SelfSigned(), true, true);
        Assert.Null((await SendAsync(Smtp(SmtpSecurity.Tls))).Error);
        Assert.Single(server.Mails);
    }

    [Fact]
    public async Task A_server_without_starttls_gets_no_login()
    {
        server.Login = (User, Password);
        Assert.Equal("the server offers no STARTTLS, or no login that is known", (await SendAsync(Smtp(SmtpSecurity.StartTls, login: true))).Error);
        Assert.DoesNotContain(server.Commands, command => command.Contains("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_gets_no_login()
    {
        (server.Certificate, server.Login) = (SmtpServer.SelfSigned(), (User, Password));
        Assert.Equal("no TLS with a certificate that is trusted here", (await SendAsync(Smtp(SmtpSecurity.StartTls, login: true))).Error);
        Assert.DoesNotContain(server.Commands, command => command.Contains("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_login_says_so_and_nothing_of_the_password()
    {
        server.Login = (User, "another");
        var error = (await SendAsync(Smtp(SmtpSecurity.None, login: true))).Error;
        Assert.Equal("the server refuses the login", error);
        Assert.Empty(server.Mails);
    }

    [Theory]
    [InlineData("RCPT TO:<rui", "550 5.1.1 rui@example.com is unknown here", "SMTP 550: a recipient is refused")]
    [InlineData("MAIL", "553 whatsops@example.com may not", "SMTP 553: the sender is refused")]
    [InlineData("DATA", "554 no", "SMTP 554")]
    public async Task A_refusal_is_told_by_its_code_and_without_an_address(string command, string answer, string error)
    {
        server.Refusals[command] = answer;
        Assert.Equal(error, (await SendAsync(Smtp(SmtpSecurity.None))).Error);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_server_that_is_busy_is_an_error_to_try_again_later()
    {
        server.Greeting = "421 too many connections";
        Assert.StartsWith("SMTP 421", (await SendAsync(Smtp(SmtpSecurity.None))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_ends_rudely_after_taking_the_mail_has_taken_it()
    {
        server.Refusals["QUIT"] = "421 closing";
        Assert.Null((await SendAsync(Smtp(SmtpSecurity.None))).Error);
    }

    [Fact]
    public async Task A_missing_secret_is_told_before_anything_is_said_to_the_server()
    {
        fleet.Setup(f => f.Resolve("${env:SMTP_PASSWORD}")).Throws(new MissingSecretException("${env:SMTP_PASSWORD}"));
        Assert.Contains("${env:SMTP_PASSWORD} has no value", (await SendAsync(Smtp(SmtpSecurity.None, login: true))).Error, StringComparison.Ordinal);
        Assert.Empty(server.Commands);
    }

    [Fact]
    public async Task A_silent_server_is_left_after_twenty_seconds()
    {
        server.IsSilent = true;
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var sending = new EmailChannel(fleet.Object, time).SendAsync(new(Route(Smtp(SmtpSecurity.None)), Id, Message()), CancellationToken.None);
        while (!sending.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(sending, Task.Delay(20));
        }

        Assert.Equal("no answer within 20 s", (await sending).Error);
    }

    [Fact]
    public async Task Nobody_listening_is_no_connection()
    {
        server.Leave();
        Assert.Equal("no connection (ConnectionRefused)", (await SendAsync(Smtp(SmtpSecurity.None))).Error);
    }

    private Task<DeliveryResult> SendAsync(SmtpOptions smtp, AlertMessage? message = null) =>
        new EmailChannel(fleet.Object, TimeProvider.System) { Trust = trusts ? (_, certificate, _, _) => certificate?.GetCertHashString() == server.Certificate!.GetCertHashString() : null }.SendAsync(new(Route(smtp), Id, message ?? Message()), CancellationToken.None);

    private (ReceivedMail Received, MimeMessage Mail) Received()
    {
        var received = Assert.Single(server.Mails);
        return (received, MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(received.Data))));
    }

    private SmtpOptions Smtp(SmtpSecurity security, bool login = false) => new()
    {
        Host = "127.0.0.1", Port = server.Port, Security = security, User = login ? "${env:SMTP_USER}" : null, Password = login ? "${env:SMTP_PASSWORD}" : null,
    };

    private static AlertRoute Route(SmtpOptions smtp) => new() { Name = "mail", Kind = "email", From = "whatsops@example.com", To = ["ana@example.com", "rui@example.com"], Smtp = smtp };

    private static AlertMessage Message() => new("critical", new(2030, 1, 1, 3, 20, 0, TimeSpan.Zero), AlertWriter.Service, "🚨 CRITICAL: …", [new("Cause", "A <b> & c\nsecond line", false)])
    {
        System = "revalya", Title = "gateway_unreachable, gateway g1", AcknowledgeUrl = "https://w.example.com/api/alerts/ack/token",
    };
}
