using WhatsOps.Fleet;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>What configuration files say, compared with the manual.</summary>
public sealed class FileSettingsTests
{
    private const string Pm2 =
        """
        // instances: 4
        module.exports = {
          apps: [{
            name: 'ia-atendimento-bot', script: "dist/main.js", /* cron_restart: '0 5 * * *' */
            env: { URL: 'https://x.example.com/instances: 2', },
            "instances": 'max',
            max_memory_restart: "512000K", // as the manual says
            cron_restart: '0 3 * * *',
          }],
        };
        """;

    private const string Nginx =
        """
        # worker_processes 1;
        worker_processes auto;
        events { worker_connections  1024; }
        http {
          include mime.types;
          log_format x '$remote_addr; gzip off;';
          keepalive_timeout 65s 60;
          gzip on; gzip_comp_level 6;
        }
        """;

    // 12:00 UTC, and 09:00 in São Paulo.
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly FleetSystem Bot = new() { Name = "bot", Kind = "bot", MaintenanceWindows = [new() { From = new(2, 55), To = new(3, 10) }] };
    private static readonly FileTarget Target = new() { Name = "conf", Container = new() { Container = "bot" }, Path = "/app/conf" };

    [Fact]
    [Capability("R-366")]
    public void Pm2_as_the_manual_has_it_is_well_and_its_restart_is_planned()
    {
        var (troubles, words) = Check(Pm2);
        Assert.Empty(troubles);
        Assert.Equal("PM2 restarts by 0 3 * * * (America/Sao_Paulo), next at 03:00 of America/Sao_Paulo, in a maintenance window.", words);
        Assert.Empty(Check(Pm2.Replace("'max'", "0", StringComparison.Ordinal).Replace("512000K", "500M", StringComparison.Ordinal)).Troubles);
    }

    [Theory]
    [Capability("R-366")]
    [InlineData("'max'", "2", "instances", "is 2; max is wanted")]
    [InlineData("\"512000K\"", "'501M'", "max_memory_restart", "is 501M; 500M is wanted")]
    [InlineData("\"instances\": 'max',", "", "instances", "is not set")]
    [InlineData("'max'", "process.env.WORKERS || 'max'", "instances", "is computed")]
    [InlineData("cron_restart: '0 3 * * *'", "cron_restart: '0 3 * * *', instances: 1", "instances", "is 1")]
    public void A_setting_of_pm2_that_differs_is_told(string old, string with, string setting, string words)
    {
        var trouble = Assert.Single(Check(Pm2.Replace(old, with, StringComparison.Ordinal)).Troubles);
        Assert.Equal((setting, words.Contains("computed", StringComparison.Ordinal) ? TroubleKinds.NotObservable : TroubleKinds.Misconfigured), (trouble.Subject, trouble.Kind));
        Assert.Contains(words, trouble.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("America/Sao_Paulo", "0 3 * * *", true, "next at 03:00")]
    [InlineData(null, "0 3 * * *", false, "next at 00:00")]
    [InlineData("no/such", "0 6 * * *", true, "next at 03:00")]
    [InlineData("America/Sao_Paulo", "9 3 * * *", false, "next at 03:09")]
    public void A_restart_outside_of_every_window_is_told_in_the_time_of_the_system(string? zone, string cron, bool isPlanned, string words)
    {
        var (troubles, said) = Pm2Settings.Check(Bot, Target with { Settings = new Dictionary<string, string> { ["cron_restart"] = "*" } }, Pm2.Replace("0 3 * * *", cron, StringComparison.Ordinal), zone, Noon);
        Assert.Equal(isPlanned ? [] : ["cron_restart window"], troubles.Select(trouble => trouble.Subject));
        Assert.Contains(words, said, StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-367")]
    public void Nginx_as_the_manual_has_it_is_well_and_the_fleet_file_may_want_else()
    {
        Assert.Empty(NginxSettings.Check(Target, Nginx));
        Assert.Equal(["gzip_comp_level"], NginxSettings.Check(Target with { Settings = new Dictionary<string, string> { ["gzip_comp_level"] = "5", ["gzip"] = "*" } }, Nginx).Select(trouble => trouble.Subject));
    }

    [Theory]
    [Capability("R-367")]
    [InlineData("worker_processes auto", "worker_processes 2", "worker_processes", TroubleKinds.Misconfigured)]
    [InlineData("1024", "1023", "worker_connections", TroubleKinds.Misconfigured)]
    [InlineData("65s 60", "64", "keepalive_timeout", TroubleKinds.Misconfigured)]
    [InlineData("gzip on;", "", "gzip", TroubleKinds.Misconfigured)]
    [InlineData("gzip on;", "include conf.d/*.conf;", "gzip", TroubleKinds.NotObservable)]
    [InlineData("gzip_comp_level 6", "server { gzip_comp_level 1; } gzip_comp_level 6", "gzip_comp_level", TroubleKinds.Misconfigured)]
    public void A_directive_of_nginx_that_differs_is_told(string old, string with, string setting, string kind) =>
        Assert.Equal([(setting, kind)], NginxSettings.Check(Target, Nginx.Replace(old, with, StringComparison.Ordinal)).Select(trouble => (trouble.Subject, trouble.Kind)));

    private static (IReadOnlyList<Trouble> Troubles, string? Words) Check(string text) => Pm2Settings.Check(Bot, Target, text, "America/Sao_Paulo", Noon);
}
