using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Simulator;

namespace WhatsOps.Tests.Integration.Fleet;

public sealed class TenantSecretsTests : IAsyncLifetime
{
    private FleetFixture _fleet = null!;

    private ITenantSecrets Secrets => _fleet.Get<ITenantSecrets>();

    public async ValueTask InitializeAsync() => _fleet = await FleetFixture.CreateAsync();

    public async ValueTask DisposeAsync() => await _fleet.DisposeAsync();

    [Fact]
    public async Task A_secret_is_made_once_even_by_many_at_once()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Secrets.EnsureAsync("revalya", "acme", CancellationToken.None)));

        Assert.Single(made.Select(secret => secret.Current).Distinct());
        Assert.Null(made[0].Previous);
    }

    [Fact]
    public async Task After_a_rotation_the_old_one_still_proves_until_the_next()
    {
        var first = await Secrets.EnsureAsync("revalya", "acme", CancellationToken.None);
        var second = await Secrets.RotateAsync("revalya", "acme", CancellationToken.None);
        var third = await Secrets.RotateAsync("revalya", "acme", CancellationToken.None);

        Assert.Equal(first.Current, second.Previous);
        Assert.Equal(second.Current, third.Previous);
        Assert.NotEqual(first.Current, third.Current);
    }

    [Fact]
    public async Task Importing_the_current_secret_again_keeps_the_previous()
    {
        await Secrets.ImportAsync("revalya", "acme", "from-the-gateway", CancellationToken.None);
        await Secrets.ImportAsync("revalya", "acme", "newer", CancellationToken.None);
        await Secrets.ImportAsync("revalya", "acme", "newer", CancellationToken.None);

        var secret = Assert.Single(await Secrets.ForSlugAsync("acme", CancellationToken.None));
        Assert.Equal(("newer", "from-the-gateway"), (secret.Current, secret.Previous));
    }

    [Fact]
    public async Task One_slug_may_live_in_two_systems_and_unknown_ones_in_none()
    {
        await Secrets.EnsureAsync("revalya", "acme", CancellationToken.None);
        await Secrets.EnsureAsync("other", "acme", CancellationToken.None);

        Assert.Equal(["other", "revalya"], (await Secrets.ForSlugAsync("acme", CancellationToken.None)).Select(secret => secret.System));
        Assert.Empty(await Secrets.ForSlugAsync("acm", CancellationToken.None));
    }

    [Fact]
    public async Task The_cache_is_seconds_old_at_most_and_can_be_passed()
    {
        var old = await Secrets.EnsureAsync("revalya", "acme", CancellationToken.None);
        await Secrets.ForSlugAsync("acme", CancellationToken.None);
        await using var other = _fleet.OtherProcess();
        var rotated = await other.GetRequiredService<ITenantSecrets>().RotateAsync("revalya", "acme", CancellationToken.None);

        Assert.Equal(old.Current, (await Secrets.ForSlugAsync("acme", CancellationToken.None))[0].Current);
        Assert.Equal(rotated.Current, (await Secrets.ReadSinceAsync("acme", _fleet.Time.GetTimestamp(), CancellationToken.None))[0].Current);
        await other.GetRequiredService<ITenantSecrets>().RotateAsync("revalya", "acme", CancellationToken.None);
        _fleet.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(rotated.Current, (await Secrets.ForSlugAsync("acme", CancellationToken.None))[0].Previous);
    }

    [Fact]
    public async Task A_tenant_that_is_asked_for_all_the_time_is_read_anew_before_anyone_has_to_wait_for_it()
    {
        await Secrets.EnsureAsync("revalya", "acme", CancellationToken.None);
        await Secrets.ForSlugAsync("acme", CancellationToken.None);
        await using var other = _fleet.OtherProcess();
        var rotated = await other.GetRequiredService<ITenantSecrets>().RotateAsync("revalya", "acme", CancellationToken.None);

        _fleet.Time.Advance(TimeSpan.FromSeconds(4.5));
        var answers = new List<string>();
        // The clock stands still: what is told later was read meanwhile, and nobody waited for it.
        await Until.True(() =>
        {
            var answer = Secrets.ForSlugAsync("acme", CancellationToken.None).AsTask();
            Assert.True(answer.IsCompletedSuccessfully);
            answers.Add(answer.Result[0].Current);
            return answers[^1] == rotated.Current;
        });
        Assert.NotEqual(rotated.Current, answers[0]);
    }

    [Fact]
    public async Task Text_that_postgres_cannot_hold_is_nobodys_slug_and_spoils_no_other_read()
    {
        await Secrets.EnsureAsync("revalya", "acme", CancellationToken.None);
        string[] slugs = ["nobody", "\0", "acme\0", "\ud800", "acme"];
        var answers = await Task.WhenAll(slugs.Select(slug => Secrets.ForSlugAsync(slug, CancellationToken.None).AsTask()));

        Assert.Equal([0, 0, 0, 0, 1], answers.Select(answer => answer.Count));
    }

    [Fact]
    public async Task A_row_moved_to_another_tenant_does_not_open_and_nothing_is_stored_in_clear()
    {
        await Secrets.ImportAsync("revalya", "acme", "planted-secret", CancellationToken.None);
        await using (var peek = _fleet.Database.DataSource.CreateCommand("SELECT encode(current, 'escape') FROM whatsops.tenant_secrets"))
            Assert.DoesNotContain("planted-secret", (string)(await peek.ExecuteScalarAsync())!, StringComparison.Ordinal);

        await using var move = _fleet.Database.DataSource.CreateCommand("UPDATE whatsops.tenant_secrets SET tenant = 'evil'");
        await move.ExecuteNonQueryAsync();

        await Assert.ThrowsAnyAsync<System.Security.Cryptography.CryptographicException>(() => Secrets.ForSlugAsync("evil", CancellationToken.None).AsTask());
    }
}
