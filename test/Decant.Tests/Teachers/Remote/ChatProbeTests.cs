using Decant.Teachers.Remote;
using Decant.Teachers.Remote.Limits;
using Decant.Teachers.Remote.Probing;
using Decant.Teachers.Remote.Storing;
using Microsoft.Extensions.AI;

namespace Decant.Tests.Teachers.Remote;

/// <summary>Five kinds of servers.</summary>
public class ChatProbeTests
{
    [Fact]
    public async Task A_server_without_logprobs()
    {
        using var teacher = new FakeTeacher { GivesLogprobs = false };
        var found = await Probe(teacher);
        Assert.Equal((false, 0, false), (found.GeneratedLogprobs, found.TopLogprobs, found.PromptLogprobs));
        Assert.Equal((FakeTeacher.Model, (bool?)true, true, true), (found.Model, found.Seed, found.JsonMode, found.JsonSchema));
    }

    [Fact]
    public async Task A_server_with_logprobs_of_what_it_generates_and_at_most_five()
    {
        using var teacher = new FakeTeacher { MostTop = 5 };
        var found = await Probe(teacher);
        Assert.Equal((true, 5, false), (found.GeneratedLogprobs, found.TopLogprobs, found.PromptLogprobs));
        Assert.Contains(found.Refusals, refusal => refusal.StartsWith("logprobs of 20 tokens: ", StringComparison.Ordinal) && refusal.Contains("top_logprobs must be at most 5", StringComparison.Ordinal));
        Assert.Equal((true, false), (found.SeveralChoices, found.DuplicatedChoices));
    }

    [Fact]
    public async Task A_server_with_logprobs_of_the_prompt_too()
    {
        using var teacher = new FakeTeacher { GivesPromptLogprobs = true };
        var found = await Probe(teacher);
        Assert.Equal((true, 20, true), (found.GeneratedLogprobs, found.TopLogprobs, found.PromptLogprobs));
    }

    [Fact]
    public async Task A_server_without_seeds()
    {
        using var teacher = new FakeTeacher { KeepsSeeds = false, GivesChoices = false, GivesUsage = false };
        var found = await Probe(teacher);
        Assert.Equal((false, false, false), (found.Seed, found.SeveralChoices, found.Usage));
    }

    [Fact]
    public async Task A_server_with_errors_for_all_that_is_not_plain()
    {
        using var teacher = new FakeTeacher { Fault = (_, request) => request["logprobs"] is not null || request["seed"] is not null || request["response_format"] is not null || request["n"] is not null ? TeacherFault.ServerError : TeacherFault.None };
        var found = await Probe(teacher);
        Assert.Equal((false, 0, (bool?)false, false, false, false), (found.GeneratedLogprobs, found.TopLogprobs, found.Seed, found.JsonMode, found.JsonSchema, found.SeveralChoices));
        Assert.True(found.Refusals.Count >= 6, string.Join('\n', found.Refusals));
    }

    [Fact]
    public async Task A_server_that_cannot_be_used_at_all_is_an_error()
    {
        using var teacher = new FakeTeacher { Fault = (_, _) => TeacherFault.UnknownModel };
        Assert.Equal(RemoteFault.UnknownModel, (await Assert.ThrowsAsync<RemoteTeacherException>(() => Probe(teacher))).Fault);
    }

    [Fact]
    public async Task A_server_that_repeats_a_choice_is_found_out()
    {
        using var teacher = new FakeTeacher { GivesChoices = false, Fault = (_, request) => request["n"] is not null ? TeacherFault.DuplicatedChoices : TeacherFault.None };
        var found = await Probe(teacher);
        Assert.Equal((true, true), (found.SeveralChoices, found.DuplicatedChoices));
    }

    [Fact]
    public async Task What_a_probe_costs_is_counted_here_and_in_the_budget_and_a_store_does_not_deceive_it()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new FakeTeacher { KeepsSeeds = false };
        var budget = new RequestBudget(new BudgetOptions { MostRequests = 100 });
        using var answers = RemoteAnswers.Open(folder.Path, teacher.Endpoint);
        using var client = teacher.Endpoint.OpenChat().AsBuilder().UseAnswers(answers).UseBudget(budget).Build();
        var found = await ChatProbe.RunAsync(client);
        Assert.Equal((teacher.Requests.Count, budget.Spent.InputTokens, budget.Spent.OutputTokens), (found.Requests, found.InputTokens, found.OutputTokens));
        Assert.InRange(found.Requests, 9, 13);
        Assert.Equal((false, true, 20), (found.Seed, found.SeveralChoices, found.TopLogprobs));
    }

    private static async Task<ChatCapabilities> Probe(FakeTeacher teacher)
    {
        using var client = teacher.Endpoint.OpenChat();
        return await ChatProbe.RunAsync(client);
    }
}
