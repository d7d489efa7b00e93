using Npgsql;
using WhatsOps.Backups;

namespace WhatsOps.Tests.Unit.Backups;

public sealed class PgProcessTests
{
    [Theory]
    [InlineData(SslMode.VerifyFull, "/own/root.crt", "PGSSLROOTCERT=/own/root.crt")]
    [InlineData(SslMode.VerifyFull, null, "PGSSLROOTCERT=")]
    [InlineData(SslMode.VerifyCA, null, "PGSSLROOTCERT=")]
    [InlineData(SslMode.Require, null, null)]
    public async Task A_server_that_is_to_be_verified_is_verified_with_what_the_machine_trusts(SslMode mode, string? own, string? expected)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/env"), "There is no env here that says what its environment is.");
        var target = new NpgsqlConnectionStringBuilder { Host = "localhost", Database = "d", Username = "u", SslMode = mode, RootCertificate = own };
        using var env = PgProcess.Start("/usr/bin/env", target, writes: false, []);
        var lines = (await new StreamReader(env.Output).ReadToEndAsync()).Split('\n');
        await env.EndAsync(default);
        var told = lines.SingleOrDefault(line => line.StartsWith("PGSSLROOTCERT=", StringComparison.Ordinal));
        if (expected is null) Assert.Null(told);
        else Assert.StartsWith(expected, told, StringComparison.Ordinal);
        if (expected is not null && own is null) Assert.True(File.Exists(told!["PGSSLROOTCERT=".Length..]), told);
    }
}
