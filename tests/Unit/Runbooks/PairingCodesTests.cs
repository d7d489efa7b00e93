using Microsoft.Extensions.Time.Testing;
using WhatsOps.Gateways;
using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Runbooks;

public sealed class PairingCodesTests
{
    [Fact]
    public async Task A_code_is_shared_for_ten_seconds_and_asked_for_again_right_after()
    {
        var time = new FakeTimeProvider();
        var codes = new PairingCodes(new RunbookPatience(), time);
        var asked = 0;
        Task<LiveCode?> LookAsync() => codes.ShareAsync(Guid.Empty, "evo-1", "a", _ =>
        {
            asked++;
            return Task.FromResult(new Observation<PairingCode>(Outcome.Seen, new($"2@{asked / 2}", null, InstanceState.Connecting), null, time.GetUtcNow(), default));
        }, default);

        var first = await LookAsync();
        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Same(first, await LookAsync());
        Assert.Equal(1, asked);
        time.Advance(TimeSpan.FromSeconds(0.1));
        var second = await LookAsync();
        Assert.Equal((2, "2@1", time.GetUtcNow()), (asked, second!.Shown.Qr, second.Since));
        // The same code again keeps the time since when it is shown.
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((second.Since, 3), ((await LookAsync())!.Since, asked));
    }
}
