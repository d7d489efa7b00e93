using System.Text.Json;
using System.Text.Json.Nodes;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Instances;

/// <summary>Messages in the gateway's shape.</summary>
internal static class Messages
{
    private const int Kept = 5_000;

    /// <summary>Into the store, unless it is off (DATABASE_SAVE_DATA_NEW_MESSAGE).</summary>
    public static void Store(Gateway gateway, Instance instance, object message)
    {
        lock (instance)
        {
            instance.MessageCount++;
            instance.Touch(gateway.Clock.Now);
            if (!gateway.Options.SaveMessages) return;
            instance.Messages.Enqueue((gateway.Clock.Now, message));
            if (instance.Messages.Count > Kept) instance.Messages.Dequeue();
        }
    }

    /// <summary>A stored message as a row: what was sent as an event, without its status, with an id of the database.</summary>
    public static JsonObject Row(object message, string id, Instance instance)
    {
        var row = JsonSerializer.SerializeToNode(message, Json.Options)!.AsObject();
        row.Remove("status");
        row.Insert(0, id, "c" + row["key"]!["id"]!.GetValue<string>().ToLowerInvariant());
        if (id == "_id")
        {
            row.Remove("instanceId");
            row["owner"] = instance.Name;
        }
        else
        {
            row["MessageUpdate"] = new JsonArray();
        }

        return row;
    }

    /// <summary>The answer of sendText, also the data of send.message.</summary>
    public static object Sent(Gateway gateway, Instance instance, string remoteJid, string text) => new
    {
        key = new { remoteJid, fromMe = true, id = gateway.Random.MessageId() },
        pushName = "Você",
        status = "PENDING",
        message = new { conversation = text },
        contextInfo = new
        {
            mentionedJid = Array.Empty<string>(),
            groupMentions = Array.Empty<string>(),
            ephemeralSettingTimestamp = new { low = gateway.Clock.Now.AddDays(-2).ToUnixTimeSeconds(), high = 0, unsigned = false },
            disappearingMode = new { initiator = 0 }
        },
        messageType = "conversation",
        messageTimestamp = gateway.Clock.Now.ToUnixTimeSeconds(),
        instanceId = instance.Id,
        source = "web"
    };

    /// <summary>The data of messages.upsert: a message of a customer.</summary>
    public static object Received(Gateway gateway, Instance instance, string remoteJid, string text) => new
    {
        key = new { remoteJid, fromMe = false, id = gateway.Random.MessageId() },
        pushName = "Customer",
        status = "DELIVERY_ACK",
        message = new { conversation = text, messageContextInfo = new { deviceListMetadataVersion = 2 } },
        messageType = "conversation",
        messageTimestamp = gateway.Clock.Now.ToUnixTimeSeconds(),
        instanceId = instance.Id,
        source = "android"
    };
}
