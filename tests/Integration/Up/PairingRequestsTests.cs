using WhatsOps.Cli;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Up;
using WhatsOps.Tests.Integration.Watch;

namespace WhatsOps.Tests.Integration.Up;

/// <summary>Pairings that up asks for while the host's own timers begin runs too.</summary>
public sealed class PairingRequestsTests
{
    [Fact]
    public async Task A_run_that_a_policy_opened_meanwhile_goes_first_and_the_pairing_is_asked_for_again()
    {
        await using var api = await HttpStand.StartAsync();
        using var requester = new ApiClient(api.Url, key: null);
        var pairings = new PairingRequests(requester);

        api.Says("""{"error":"Instance revalya-grafica already has an open run."}""", 409);
        await pairings.AskAsync("revalya", "grafica", TestContext.Current.CancellationToken);
        api.Says("{}", 202);
        for (var sweep = 0; sweep < 2; sweep++) await pairings.AskAsync("revalya", "grafica", TestContext.Current.CancellationToken);

        Assert.Equal(["POST /api/runbooks/reauthenticate", "POST /api/runbooks/reauthenticate"], api.Seen);
    }

    [Fact]
    public async Task Another_refusal_ends_up_with_what_the_API_said()
    {
        await using var api = await HttpStand.StartAsync();
        using var requester = new ApiClient(api.Url, key: null);
        api.Says("""{"error":"No such tenant.","fix":"Name another one."}""", 404);

        var problem = await Assert.ThrowsAsync<CliProblem>(() => new PairingRequests(requester).AskAsync("revalya", "grafica", TestContext.Current.CancellationToken));

        Assert.Equal("No such tenant.", problem.Message);
        Assert.Equal("Name another one.", problem.Fix);
    }
}
