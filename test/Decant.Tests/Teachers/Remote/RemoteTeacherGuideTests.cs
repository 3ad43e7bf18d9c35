using Decant.Teachers.Remote;
using Decant.Teachers.Remote.Asking;
using Decant.Teachers.Remote.Classifying;
using Decant.Teachers.Remote.Limits;
using Decant.Teachers.Remote.Probing;
using Decant.Teachers.Remote.Storing;
using Microsoft.Extensions.AI;

namespace Decant.Tests.Teachers.Remote;

/// <summary>The example of docs/remote-teachers.md, from the probe to the bill.</summary>
public class RemoteTeacherGuideTests
{
    [Fact]
    public async Task From_the_probe_over_an_estimate_to_the_bill()
    {
        using var folder = new TemporaryFolder();
        using var server = new FakeTeacher { MostTop = 5, Answer = request => FakeTeacherWire.Asks(request, "why") ? Reply("question", "complaint") : Reply("complaint", "praise") };
        var random = new Random(3);
        var texts = Enumerable.Range(0, 300).Select(i => $"{(i % 3 == 0 ? "why" : "oh")} {i} {new string('x', random.Next(10, 400))}").ToList();
        var prices = new TokenPrices(InputPerMillion: 0.15m, OutputPerMillion: 0.60m);
        var budget = new RequestBudget(new() { MostMoney = 5, Prices = prices });
        using var answers = RemoteAnswers.Open(folder.Path, server.Endpoint);
        using var teacher = server.Endpoint.OpenChat().AsBuilder()
            .UseAnswers(answers)
            .UseRateLimit(new() { RequestsPerMinute = 5000, Concurrency = 8 })
            .UseRetry()
            .UseBudget(budget)
            .Build();

        var can = await ChatProbe.RunAsync(teacher);
        var probed = budget.Spent;
        var classifier = new ChatClassifier(teacher, new()
        {
            Classes = [new("complaint", "something is wrong"), new("question"), new("praise")],
            Evidence = can.TopLogprobs > 1 ? ClassEvidence.Logprobs : ClassEvidence.Samples,
            TopLogprobs = Math.Max(2, can.TopLogprobs),
        });
        var first = await classifier.ClassifyAsync(texts.Take(CostEstimate.UsualSample)).ToListAsync();
        var cost = CostEstimate.From(first, texts.Count, prices);
        var rows = await classifier.ClassifyAsync(texts, concurrency: 8).ToListAsync();

        Assert.Equal(300, rows.Count(row => row.Class == (row.Index % 3 == 0 ? 1 : 0)));
        Assert.All(rows, row => Assert.Equal(1, row.Probabilities!.Sum(), 1e-9));
        Assert.Equal((CostEstimate.UsualSample, 300L + can.Requests), (rows.Count(row => row.IsFromStore), budget.Spent.Requests));
        Assert.Equal(can.Requests, probed.Requests);
        var bill = (double)(budget.Spent.Money - probed.Money);
        Assert.InRange(cost.Money!.Mean, 0.9 * bill, 1.1 * bill);
        Assert.InRange(bill, cost.Money.Low, cost.Money.High);
        Assert.Equal((0, 0), (answers.LostInFlight, answers.InFlight));
    }

    private static FakeReply Reply(string text, string other) => new(text, [(text, [(text, 0.8), (" " + other, 0.15)])]);
}
