namespace WhatsOps.Simulator.TaktChat;

/// <summary>One connection of a simulated TaktChat, as it truly is.</summary>
public sealed class TaktChatLine(int company, int id)
{
    public int Company => company;

    public int Id => id;

    public string Channel { get; init; } = "whatsapp";

    public string ChannelType { get; init; } = "baileys";

    /// <summary>What its row says.</summary>
    public string Status { get; internal set; } = "DISCONNECTED";

    /// <summary>Baileys' keys are stored: a start connects without a code.</summary>
    public bool HasKeys { get; internal set; }

    /// <summary>The process has a session of it.</summary>
    public bool IsInMemory { get; internal set; }

    /// <summary>WhatsApp does not take its connection: a start stays at OPENING.</summary>
    public bool StaysDown { get; set; }

    /// <summary>The token of its external API, in every row that is listed.</summary>
    public string Token { get; } = $"token-{Guid.NewGuid():N}";

    public DateTimeOffset UpdatedAt { get; internal set; } = TimeProvider.System.GetUtcNow();

    internal string? Code { get; set; }
}
