using System.Security.Cryptography;
using System.Text;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Findings;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>Alerts as signed JSON, judged as a receiver would.</summary>
public sealed class WebhookChannelTests : IAsyncLifetime
{
    private static readonly byte[] Key = Encoding.UTF8.GetBytes("planted-webhook-signing-key");
    private AlertRig rig = null!;

    public async ValueTask InitializeAsync()
    {
        rig = await AlertRig.StartAsync();
        rig.Fleet.Setup(f => f.Resolve("${env:SECRET}")).Returns("whsec_" + Convert.ToBase64String(Key));
        rig.Apply(new AlertSettings { Routes = [new() { Name = "hook", Kind = "webhook", Url = "${env:SLACK}", Secret = "${env:SECRET}" }] });
    }

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact, Capability("R-114")]
    public async Task The_envelope_is_the_manuals_and_the_signature_fits()
    {
        await rig.PassAsync(Sample.Finding());
        await rig.OnceAsync();

        var (headers, body) = Assert.Single(rig.Slack.Raw);
        var json = Assert.Single(rig.Slack.Bodies);
        Assert.Equal(("warning", "whatsapp-integration", "alert"), (json.GetProperty("severity").GetString(), json.GetProperty("service").GetString(), json.GetProperty("type").GetString()));
        Assert.Equal(new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero), json.GetProperty("timestamp").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
        var finding = json.GetProperty("data").GetProperty("findings")[0];
        Assert.Equal(("instance_missing", "opened", "high", "acme"), (finding.GetProperty("kind").GetString(), finding.GetProperty("event").GetString(), finding.GetProperty("severity").GetString(), finding.GetProperty("tenant").GetString()));

        Assert.Equal(json.GetProperty("id").GetString(), headers["webhook-id"]);
        Assert.Equal(rig.Time.GetUtcNow().ToUnixTimeSeconds(), long.Parse(headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture));
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{headers["webhook-timestamp"]}."), .. body];
        Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(Key, signed)), headers["webhook-signature"]);
    }

    [Theory, Capability("R-110")]
    [InlineData(Severity.Critical, "critical")]
    [InlineData(Severity.High, "warning")]
    public async Task Nothing_while_all_is_well_then_critical_or_a_warning_and_at_the_end_info(Severity severity, string envelope)
    {
        await rig.PassAsync();
        await rig.TellAsync();
        Assert.Empty(rig.Slack.Bodies);
        await rig.PassAsync(Sample.Finding(severity: severity));
        await rig.TellAsync();
        await rig.PassAsync();
        await rig.PassAsync();
        await rig.TellAsync();
        Assert.Equal([envelope, "info"], rig.Slack.Bodies.Select(body => body.GetProperty("severity").GetString()));
    }

    [Fact]
    public async Task A_failed_attempt_keeps_its_id_and_signs_the_time_of_the_new_one()
    {
        rig.Slack.Answers.Enqueue(503);
        await rig.PassAsync(Sample.Finding());
        await rig.OnceAsync();
        var id = await rig.CountAsync("SELECT count(*) FROM whatsops.alert_outbox WHERE attempts = 1 AND last_error = 'HTTP 503'");
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        await rig.OnceAsync();
        Assert.Equal(1, id);
        Assert.Equal($"{rig.Time.GetUtcNow().ToUnixTimeSeconds()}", Assert.Single(rig.Slack.Raw).Headers["webhook-timestamp"]);
        Assert.Equal(1, await rig.CountAsync($"SELECT count(*) FROM whatsops.alert_outbox WHERE id = '{rig.Slack.Raw.Single().Headers["webhook-id"]}'"));
    }

    [Fact]
    public async Task A_secret_without_a_value_is_told_by_its_name_and_nothing_is_sent_unsigned()
    {
        rig.Fleet.Setup(f => f.Resolve("${env:SECRET}")).Throws(new MissingSecretException("${env:SECRET}"));
        await rig.PassAsync(Sample.Finding());
        await rig.OnceAsync();
        Assert.Empty(rig.Slack.Bodies);
        Assert.Equal(1, await rig.CountAsync("SELECT count(*) FROM whatsops.alert_outbox WHERE last_error LIKE 'The reference ${env:SECRET} has no value.%'"));
    }
}
