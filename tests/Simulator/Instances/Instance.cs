using WhatsOps.Simulator.Webhooks;

namespace WhatsOps.Simulator.Instances;

/// <summary>One instance: its row in the gateway's database and, when loaded, its connection in memory. Lock it to change it.</summary>
internal sealed class Instance(string name, string id, string token, DateTimeOffset createdAt)
{
    private byte[]? row;

    public string Name => name;
    public string Id => id;
    public string Token => token;
    public DateTimeOffset CreatedAt { get; } = createdAt;

    // The row.
    public string Integration { get; init; } = "WHATSAPP-BAILEYS";
    public string? Number { get; init; }
    public string SettingsId { get; init; } = "";
    public DateTimeOffset UpdatedAt { get; private set; } = createdAt;
    public DateTimeOffset SettingsUpdatedAt { get; set; } = createdAt;
    public InstanceSettings Settings { get; set; } = new();
    public WebhookConfig? Webhook { get; set; }
    public string ConnectionStatus { get; set; } = InstanceState.Close;
    public string? OwnerJid { get; set; }
    public string? ProfileName { get; set; }
    public int? DisconnectionReasonCode { get; set; }
    public string? DisconnectionObject { get; set; }
    public DateTimeOffset? DisconnectionAt { get; set; }
    public int MessageCount { get; set; }
    public int ContactCount { get; set; }

    /// <summary>Stored messages, oldest first; the newest few thousand.</summary>
    public Queue<(DateTimeOffset At, object Message)> Messages { get; } = [];

    // The session kept on disk: with it the instance opens again by itself.
    public bool Paired { get; set; }

    // The memory of the process.
    public bool Loaded { get; set; } = true;
    public string State { get; set; } = InstanceState.Close;
    public QrCode? Qr { get; set; }
    public int QrCount { get; set; }
    public string? PhoneNumber { get; set; }
    public string? Wuid { get; set; }
    public bool HasClient { get; set; }
    public bool Zombie { get; set; }
    public WhatsAppReachability? Reachability { get; set; }
    public bool Deleted { get; set; }
    public CancellationTokenSource? Connection { get; set; }

    /// <summary>Marks the row as written at a moment.</summary>
    public void Touch(DateTimeOffset at)
    {
        UpdatedAt = at;
        row = null;
    }

    /// <summary>The row as fetchInstances tells it; kept, because fleets are fetched far more often than they change.</summary>
    public byte[] Row(string clientName)
    {
        lock (this) return row ??= Http.Json.Bytes(InstanceRow.Of(this, clientName));
    }
}
