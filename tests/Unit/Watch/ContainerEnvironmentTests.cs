using Docker.DotNet.Models;
using WhatsOps.Fleet;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>Secrets in environments are judged in memory, and told by their names alone.</summary>
public sealed class ContainerEnvironmentTests
{
    private const string Strong = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b";

    [Theory]
    [Capability("R-247"), Capability("R-376")]
    [InlineData("POSTGRES_PASSWORD=postgres", "Default")]
    [InlineData("RABBITMQ_DEFAULT_PASS=Guest", "Default")]
    [InlineData("MINIO_ROOT_PASSWORD=minioadmin", "Default")]
    [InlineData("AMQP_URL=amqp://guest:guest@rabbitmq:5672", "Default")]
    [InlineData("JWT_SECRET=please-change-me-now-please-change", "Placeholder")]
    [InlineData("OPENAI_API_KEY=your_openai_key_goes_here_00000", "Placeholder")]
    [InlineData("API_KEY=<the key of the gateway>", "Placeholder")]
    [InlineData("DB_PASSWORD=xxxxxxxx", "Placeholder")]
    [InlineData("DB_PASSWORD=vancimj-agent DB_USER=VANCIMJ-agent", "SameAsUser")]
    [InlineData("DATABASE_URL=postgres://app-of-ours:app-of-ours@db/app", "SameAsUser")]
    [InlineData("DB_PASSWORD=Kf7#mQ2!vXz", "Short")]
    [InlineData("DB_PASSWORD=Kf7#mQ2!vXz9", null)]
    [InlineData("DB_PASSWORD=aaaaaaaaaaaaaaaaaa", "Repetitive")]
    [InlineData("DATABASE_URL=postgres://app:Kf7%23mQ2!vXz9@db/app", null)]
    [InlineData("REDIS_URL=redis://redis:6379", "none")]
    [InlineData("DB_PASSWORD=", "none")]
    [InlineData("DB_PASSWORD_FILE=/run/secrets/db", "none")]
    [InlineData("GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568", "none")]
    [InlineData("JWT_TOKEN_EXPIRES_IN=15m", "none")]
    [InlineData("HASH_SECRET=$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy", null)]
    public void What_is_weak_is_known(string environment, string? expected)
    {
        // A space parts the variables of a row; placeholders have some, too.
        var all = environment.Contains(" DB_USER", StringComparison.Ordinal) ? environment.Split(' ') : [environment];
        var found = EnvironmentSecrets.Of(all);
        Assert.Equal(expected, found.Count == 0 ? "none" : Assert.Single(found).Weakness?.ToString());
    }

    [Theory]
    [Capability("R-320")]
    [InlineData("9f86d081884c7d659a2feaa0c55ad01", "Short")]
    [InlineData("9f86d081884c7d659a2feaa0c55ad015", null)]
    [InlineData("Kf7mQ2vXz9LpW4rT8sY", "Short")]
    [InlineData("Kf7mQ2vXz9LpW4rT8sYb", null)]
    [InlineData("abababababababababababababababab", "Repetitive")]
    public void A_key_has_32_hex_digits_or_20_characters(string key, string? expected) =>
        Assert.Equal(expected, Assert.Single(EnvironmentSecrets.Of([$"API_KEY={key}"])).Weakness?.ToString());

    [Fact]
    [Capability("R-320")]
    public void One_key_for_two_purposes_is_told_and_one_password_is_not() =>
        Assert.Equal(
            ["API_KEY Shared", "DB_PASSWORD ", "POSTGRES_PASSWORD ", "WEBHOOK_SECRET Shared"],
            EnvironmentSecrets.Of([$"API_KEY={Strong}", $"WEBHOOK_SECRET={Strong}", "DB_PASSWORD=Kf7#mQ2!vXz9", "POSTGRES_PASSWORD=Kf7#mQ2!vXz9"]).Select(secret => $"{secret.Name} {secret.Weakness}"));

    [Fact]
    [Capability("R-323"), Capability("R-247")]
    public void Findings_have_the_names_and_never_a_value()
    {
        var troubles = Troubles("POSTGRES_PASSWORD=postgres", "DB_PASSWORD=geheim1", $"API_KEY={Strong}", "PATH=/bin");
        Assert.Equal(
            ["High environment POSTGRES_PASSWORD", "Info environment", "Medium environment DB_PASSWORD"],
            troubles.Select(trouble => $"{trouble.Severity} {trouble.Subject}").Order(StringComparer.Ordinal));
        var words = string.Join(' ', troubles.Select(trouble => trouble.Cause + string.Concat(trouble.Evidence.Values)));
        Assert.Contains("3 secrets in its environment (API_KEY, DB_PASSWORD, POSTGRES_PASSWORD)", words, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", words, StringComparison.Ordinal);
        Assert.DoesNotContain(Strong, words, StringComparison.Ordinal);
        Assert.Empty(Troubles("PATH=/bin", "NODE_ENV=production"));
    }

    private static List<Trouble> Troubles(params string[] environment) =>
        [.. ContainerEnvironment.Troubles(new() { Name = "api", Container = new() { Container = "api" } }, new ContainerInspectResponse { Config = new() { Env = environment } })];
}
