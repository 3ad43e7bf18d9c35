#:project ../../../src/Decant.Text/Decant.Text.csproj
#:property PublishAot=false

// Renders conversations by many chat templates. published.py writes the cases, and compares:
//   dotnet run test/consumers/chat/render.cs -- cases.json texts.json
using System.Text.Json.Nodes;
using Decant;
using Decant.Text.Chat;

var cases = JsonNode.Parse(File.ReadAllText(args[0]))!;
var tokens = cases["tokens"]!.AsObject().ToDictionary(token => token.Key, token => token.Value!.GetValue<string>());
var conversations = cases["conversations"]!.AsArray().Select(messages => messages!.AsArray().Select(message => ChatTurn.FromJson(message!.AsObject())).ToArray()).ToArray();
var texts = new JsonObject();
foreach (var (name, source) in cases["templates"]!.AsObject())
{
    var (template, fault) = Parsed(source!.GetValue<string>());
    var made = new JsonArray();
    foreach (var messages in conversations)
        foreach (var variables in cases["variables"]!.AsArray())
            foreach (var tools in new[] { null, cases["tools"]!.AsArray() })
                foreach (var prompt in new[] { false, true })
                    made.Add(template is null ? Refusal(fault!) : Rendered(() => template.Render(messages, tools, prompt, variables!.AsObject())));
    texts[name] = made;
}

File.WriteAllText(args[1], texts.ToJsonString());

(ChatTemplate? Template, string? Fault) Parsed(string source)
{
    try
    {
        return (ChatTemplate.Parse(source, tokens, new Noon()), null);
    }
    catch (DecantException error)
    {
        return (null, error.Message);
    }
}

static JsonNode Rendered(Func<string> render)
{
    try
    {
        return render();
    }
    catch (DecantException error)
    {
        return Refusal(error.Message);
    }
}

static JsonObject Refusal(string why) => new() { ["refused"] = why };

internal sealed class Noon : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);
}
