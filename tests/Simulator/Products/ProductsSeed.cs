using WhatsOps.Simulator.Agent;
using WhatsOps.Simulator.Bot;

namespace WhatsOps.Simulator.Products;

/// <summary>The JSON file of a process that simulates products beside Evolution. What is left out is not started.</summary>
public sealed record ProductsSeed
{
    public TurboZapSeed? TurboZap { get; init; }

    public TaktChatSeed? TaktChat { get; init; }

    public AgentOptions? Agent { get; init; }

    public BotOptions? Bot { get; init; }
}
