using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace WhatsOps.Gateways;

/// <summary>The resilience rules that all clients of one gateway share.</summary>
internal sealed class GatewayCircuit
{
    public GatewayCircuit(TimeProvider time)
    {
        Commands = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is IGatewayAttempt { IsSick: true }),
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
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is IGatewayAttempt { IsSick: true }),
                MaxRetryAttempts = 1,
                Delay = TimeSpan.FromMilliseconds(300),
                UseJitter = true,
            })
            .AddPipeline(Commands)
            .Build();
    }

    /// <summary>One retry, then the breaker.</summary>
    public ResiliencePipeline Looks { get; }

    /// <summary>The breaker only: a command that got no answer may have happened.</summary>
    public ResiliencePipeline Commands { get; }
}
