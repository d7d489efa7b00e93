using System.Collections.Concurrent;
using System.Diagnostics;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Fleet;

/// <summary>Many askers, few reads: who shares one, what a flood costs, whom a failure meets.</summary>
public sealed class TenantSecretReadsTests
{
    private readonly ConcurrentQueue<string[]> _reads = new();
    private int _version;

    [Fact]
    public async Task Those_who_ask_before_a_read_begins_share_it_and_who_asks_later_gets_a_newer_one()
    {
        var gate = new TaskCompletionSource();
        var reads = Reads(async _ =>
        {
            await gate.Task;
            return Version;
        });

        var first = reads.ReadAsync("a");
        Task<TenantSecretRead>[] later = [reads.ReadAsync("a"), reads.ReadAsync("b"), reads.ReadAsync("a")];
        gate.SetResult();

        Assert.Equal("1", (await first).Secrets[0].Current);
        Assert.All(await Task.WhenAll(later), answer => Assert.Equal("2", answer.Secrets[0].Current));
        Assert.Equal([["a"], ["a", "b"]], _reads);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_asked_in_vain_costs_20_reads_a_second_however_many_ask(bool isDoubt)
    {
        // Not known at all, or known and doubted.
        var reads = Reads(_ => Task.FromResult<Func<string, IReadOnlyList<TenantWebhookSecret>>>(isDoubt ? Version : _ => []));
        var watch = Stopwatch.StartNew();
        var asked = 0;
        await Task.WhenAll(Enumerable.Range(0, 32).Select(async flood =>
        {
            for (var i = 0; i < 8; i++)
            {
                await reads.ReadAsync(isDoubt ? "acme" : $"nobody-{flood}-{i}", isDoubt);
                Interlocked.Increment(ref asked);
            }
        }));

        Assert.Equal(32 * 8, asked);
        // Each of them asked eight times, one after the other.
        Assert.InRange(_reads.Count, 8, 2 + (int)(watch.ElapsedMilliseconds / 45));
    }

    [Fact]
    public async Task What_is_asked_for_good_reason_waits_for_no_pause()
    {
        var reads = Reads(_ => Task.FromResult<Func<string, IReadOnlyList<TenantWebhookSecret>>>(Version));
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 200; i++) await reads.ReadAsync($"tenant-{i}");

        Assert.True(watch.Elapsed < TimeSpan.FromMilliseconds(200 * 45), $"{watch.Elapsed} for 200 reads");
    }

    [Fact]
    public async Task However_many_slugs_wait_a_read_is_for_500_and_all_are_read_in_the_order_they_came()
    {
        var gate = new TaskCompletionSource();
        var reads = Reads(async _ =>
        {
            await gate.Task;
            return Version;
        });
        var first = reads.ReadAsync("first");
        var slugs = Enumerable.Range(0, 1_200).Select(i => $"tenant-{i}").ToArray();
        var answers = slugs.Select(slug => reads.ReadAsync(slug)).ToArray();
        gate.SetResult();
        await Task.WhenAll([first, .. answers]);

        Assert.Equal([1, 500, 500, 200], _reads.Select(read => read.Length));
        Assert.Equal(slugs, _reads.Skip(1).SelectMany(read => read));
    }

    [Fact]
    public async Task A_slug_that_cannot_be_opened_fails_alone()
    {
        var gate = new TaskCompletionSource();
        var reads = Reads(async _ =>
        {
            await gate.Task;
            return slug => slug == "sick" ? throw new InvalidOperationException("does not open") : Version(slug);
        });
        var first = reads.ReadAsync("first");
        var (sick, well) = (reads.ReadAsync("sick"), reads.ReadAsync("well"));
        gate.SetResult();

        await first;
        Assert.Equal("does not open", (await Assert.ThrowsAsync<InvalidOperationException>(() => sick)).Message);
        Assert.Equal("well", (await well).Secrets[0].Tenant);
    }

    [Fact]
    public async Task A_read_that_fails_fails_for_those_who_shared_it_and_the_next_one_is_tried()
    {
        var reads = Reads(_ => _reads.Count == 1 ? throw new TimeoutException() : Task.FromResult<Func<string, IReadOnlyList<TenantWebhookSecret>>>(Version));

        await Assert.ThrowsAsync<TimeoutException>(() => reads.ReadAsync("acme"));
        Assert.Equal("2", (await reads.ReadAsync("acme")).Secrets[0].Current);
    }

    private TenantSecretReads Reads(Func<string[], Task<Func<string, IReadOnlyList<TenantWebhookSecret>>>> read) => new(slugs =>
    {
        _reads.Enqueue(slugs);
        Interlocked.Increment(ref _version);
        return read(slugs);
    }, TimeProvider.System);

    private IReadOnlyList<TenantWebhookSecret> Version(string slug) => [new("shop", slug, $"{_version}", null)];
}
