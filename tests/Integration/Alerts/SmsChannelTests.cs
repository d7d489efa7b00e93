using System.Text;
using System.Web;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Findings;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>Text messages, as Twilio takes them.</summary>
public sealed class SmsChannelTests : IAsyncLifetime
{
    private static readonly AlertRoute Phone = new() { Name = "phone", Kind = "sms", Url = "${env:SLACK}", User = "${env:SID}", Secret = "${env:TOKEN}", To = ["+5511999990000"], From = "+15005550006", MinSeverity = Severity.Critical };
    private AlertRig rig = null!;

    public async ValueTask InitializeAsync()
    {
        rig = await AlertRig.StartAsync();
        rig.Fleet.Setup(f => f.Resolve("${env:SID}")).Returns("AC0123");
        rig.Fleet.Setup(f => f.Resolve("${env:TOKEN}")).Returns("planted-sms-token");
        rig.Apply(new AlertSettings { Routes = [Phone] });
    }

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact, Capability("R-188")]
    public async Task A_critical_finding_is_one_short_message_and_a_high_one_is_none()
    {
        await rig.PassAsync(Sample.Finding(severity: Severity.High));
        await rig.OnceAsync();
        Assert.Empty(rig.Slack.Raw);

        await rig.PassAsync(Sample.Finding(severity: Severity.Critical));
        await rig.OnceAsync();
        var (headers, body) = Assert.Single(rig.Slack.Raw);
        var form = HttpUtility.ParseQueryString(Encoding.UTF8.GetString(body));
        Assert.Equal(("+5511999990000", "+15005550006"), (form["To"], form["From"]));
        Assert.StartsWith("🚨 CRITICAL: WhatsApp Integration Alert – ", form["Body"], StringComparison.Ordinal);
        Assert.InRange(form["Body"]!.Length, 20, 134);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("AC0123:planted-sms-token")), headers["authorization"]);
        Assert.DoesNotContain(rig.Logged, line => line.Contains("planted-sms-token", StringComparison.Ordinal) || line.Contains("5511999990000", StringComparison.Ordinal));
    }
}
