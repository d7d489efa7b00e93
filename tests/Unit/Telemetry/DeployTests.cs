using System.Text.RegularExpressions;
using WhatsOps.Tests.Unit.Architecture;

namespace WhatsOps.Tests.Unit.Telemetry;

/// <summary>What is shipped for a machine of one's own fits the app.</summary>
public sealed partial class DeployTests
{
    // The OpenTelemetry SDK's own; no source of ours names it.
    private static readonly string[] Foreign = ["OTEL_EXPORTER_OTLP_PROTOCOL"];

    // What a fleet file refers to is the operator's to name.
    private static readonly string Sample = File.ReadAllText(Path.Combine(Sources.Root, "fleet.sample.json"));

    private static readonly string App = string.Concat(
        Sources.CSharpIn(Sources.Functions).Concat(Sources.CSharpIn(Path.Combine(Sources.Root, "embedded"))).Select(File.ReadAllText));

    [Theory]
    [InlineData("deploy/systemd/whatsops.service")]
    [InlineData("deploy/systemd/whatsops.env")]
    [InlineData("deploy/Containerfile")]
    public void Every_setting_that_is_named_exists_in_the_app(string file)
    {
        var names = (file.EndsWith(".env", StringComparison.Ordinal) ? Line() : Declared()).Matches(File.ReadAllText(Path.Combine(Sources.Root, file))).Select(match => match.Groups[1].Value)
            .Except(Foreign).Where(name => !Sample.Contains($"${{env:{name}}}", StringComparison.Ordinal)).ToArray();
        Assert.True(names.Length >= 3, $"{file} sets {names.Length} settings.");
        foreach (var name in names)
            Assert.True(App.Contains($"\"{name.Replace("__", ":", StringComparison.Ordinal)}\"", StringComparison.Ordinal), $"{file} sets {name}, which the app does not read.");
    }

    [Theory]
    [InlineData("User=whatsops")]
    [InlineData("NoNewPrivileges=true")]
    [InlineData("ProtectSystem=strict")]
    [InlineData("ProtectHome=true")]
    [InlineData("PrivateTmp=true")]
    [InlineData("UMask=0077")]
    [InlineData("Restart=always")]
    public void The_unit_keeps_its_promises(string line) => Assert.Contains(line, File.ReadAllLines(Path.Combine(Sources.Root, "deploy/systemd/whatsops.service")));

    [Fact]
    public void The_proxy_lets_a_whole_webhook_through_and_does_not_limit_gateways_with_the_rest()
    {
        var nginx = File.ReadAllText(Path.Combine(Sources.Root, "deploy/nginx/whatsops.conf"));
        var webhooks = nginx[nginx.LastIndexOf("location /api/whatsapp/webhook/", StringComparison.Ordinal)..];
        webhooks = webhooks[..webhooks.IndexOf('}', StringComparison.Ordinal)];
        var megabytes = int.Parse(Regex.Match(webhooks, @"client_max_body_size\s+([0-9]+)m;").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(megabytes * 1024L * 1024 >= 104_857_600, "A body that the host would take is refused by nginx with 413, and Evolution repeats it in vain.");
        Assert.DoesNotContain("limit_req zone", webhooks, StringComparison.Ordinal);
        Assert.Contains("location = /api/metrics", nginx, StringComparison.Ordinal);
        Assert.Contains("location /admin", nginx, StringComparison.Ordinal);
        Assert.Contains("location /runtime", nginx, StringComparison.Ordinal);
        Assert.DoesNotContain("proxy_intercept_errors on", nginx, StringComparison.Ordinal);
    }

    // Environment=NAME= of a unit, ENV NAME= of an image, and the lines of an environment file, those that are only proposed included. A unit's own
    // directives look like the latter and have no Environment before them.
    [GeneratedRegex("(?m)^(?:Environment=|ENV )([A-Za-z_]+)=")]
    private static partial Regex Declared();

    [GeneratedRegex("(?m)^(?:# )?([A-Za-z_]+)=")]
    private static partial Regex Line();
}
