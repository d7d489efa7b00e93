using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace WhatsOps.Gateways.Evolution;

/// <summary>What all clients of one gateway share: its dialect, once known, and the circuit breaker.</summary>
internal sealed class EvolutionEndpoint
{
    private int _version;

    public EvolutionEndpoint(TimeProvider time)
    {
        Commands = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is IEvolutionAttempt { IsSick: true }),
                // Half of at least 5 calls in half a minute without an answer: the others would only wait 10 s each.
                FailureRatio = 0.5,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(15),
            })
            .Build();
        Looks = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is IEvolutionAttempt { IsSick: true }),
                MaxRetryAttempts = 1,
                Delay = TimeSpan.FromMilliseconds(300),
                UseJitter = true,
            })
            .AddPipeline(Commands)
            .Build();
    }

    /// <summary>Null until the gateway said it, by <c>GET /</c> or by the shape of its list. Kept when <c>GET /</c> is down: it calls out to the Internet.</summary>
    public EvolutionVersion? Version
    {
        get => _version == 0 ? null : (EvolutionVersion)_version;
        set
        {
            if (value is { } known) _version = (int)known;
        }
    }

    /// <summary>One retry, then the breaker.</summary>
    public ResiliencePipeline Looks { get; }

    /// <summary>The breaker only: a command that got no answer may have happened.</summary>
    public ResiliencePipeline Commands { get; }
}
