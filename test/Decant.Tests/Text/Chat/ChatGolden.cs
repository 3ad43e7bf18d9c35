using System.Text.Json.Nodes;
using Decant.Text.Chat;

namespace Decant.Tests.Text.Chat;

/// <summary>Our own chat templates in the style of published ones, and conversations; the scripts beside them render them by @huggingface/jinja and Jinja2.</summary>
internal static class ChatGolden
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Golden", "chat");
    private static readonly JsonObject s_data = Json("conversations.json").AsObject();

    public static JsonArray Tools => s_data["tools"]!.AsArray();

    public static IReadOnlyDictionary<string, string> Tokens { get; } = s_data["tokens"]!.AsObject().ToDictionary(t => t.Key, t => t.Value!.GetValue<string>());

    public static IReadOnlyList<ChatTurn[]> Conversations { get; } = [.. s_data["conversations"]!.AsArray().Select(c => c!.AsArray().Select(m => ChatTurn.FromJson(m!.AsObject())).ToArray())];

    public static IReadOnlyList<string> Names { get; } = [.. Directory.GetFiles(Path.Combine(s_folder, "templates")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public static JsonNode Json(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(s_folder, name)))!;

    public static string Source(string name) => File.ReadAllText(Path.Combine(s_folder, "templates", name));

    public static ChatTemplate Template(string name) => ChatTemplate.Parse(Source(name), Tokens);
}
