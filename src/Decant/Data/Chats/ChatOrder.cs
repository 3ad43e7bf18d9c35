using System.Text.Json.Nodes;
using Decant.Text.Chat;

namespace Decant.Data.Chats;

/// <summary>Whether the roles of a conversation are in order.</summary>
internal static class ChatOrder
{
    /// <summary>What is wrong; null: nothing is.</summary>
    public static string? FaultOf(IReadOnlyList<ChatTurn> turns)
    {
        for (var i = 0; i < turns.Count; i++)
        {
            var (before, role) = (i == 0 ? null : turns[i - 1], turns[i].Role);
            if (role is not ("system" or "developer" or "user" or "assistant" or "tool"))
                return $"message {i + 1} has the role '{role}'; expected system, user, assistant or tool";
            if (!Follows(before, role))
                return $"message {i + 1} is the {role}'s and {(before is null ? "the first" : $"comes after the {before.Role}'s")}: expected {Expected(before)}; put the roles in order";
            if (FaultOfContent(turns[i]) is { } fault)
                return $"message {i + 1}, the {role}'s, {fault}";
            if (turns[i].IsAssistant && turns[i].IsEmpty)
                return $"message {i + 1} of the assistant is empty; give it a text or calls of tools, or take the conversation out";
        }

        return turns.Any(turn => turn.IsAssistant) ? null : "the assistant says nothing in the conversation, so nothing can be learned of it; take it out";
    }

    private static string? FaultOfContent(ChatTurn turn) => (turn.Content is null ? turn.Further?["content"] : null) switch
    {
        _ when turn.Content is not null || turn.Parts is not null || turn.IsAssistant && turn.Further?["content"] is null => null,
        null => "has no content; give it a text, which may be empty",
        JsonObject when turn.Role == "tool" => null,
        var other => $"has a content of another kind ({other.GetValueKind()}): expected a text, or a list of parts",
    };

    private static bool Follows(ChatTurn? before, string role) => role switch
    {
        "system" or "developer" => before is null,
        "user" => before is null or { Role: "system" or "developer" } || before.IsAssistant && before.ToolCalls is not { Count: > 0 },
        "assistant" => before is { Role: "user" or "tool" },
        _ => before is { Role: "tool" } || before is { IsAssistant: true },
    };

    private static string Expected(ChatTurn? before) => before switch
    {
        null => "the system's or the user's",
        { Role: "system" or "developer" } => "the user's",
        { Role: "user" } => "the assistant's",
        { Role: "tool" } => "the assistant's, or another tool's",
        { ToolCalls.Count: > 0 } => "the tool's that was called",
        _ => "the user's, or a tool's",
    };
}
