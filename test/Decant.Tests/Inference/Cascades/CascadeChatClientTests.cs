using System.Runtime.CompilerServices;
using Decant.Inference.Cascades;
using Microsoft.Extensions.AI;

namespace Decant.Tests.Inference.Cascades;

public class CascadeChatClientTests
{
    private static CascadePolicy Policy(double? threshold) => new() { Threshold = threshold, Level = 0.05, Confidence = 0.95, Identity = new("s", "t", []) };

    [Theory]
    [InlineData(0.9, "student", 1, 0)]
    [InlineData(0.5, "teacher", 1, 1)]
    public async Task The_confidence_decides_who_replies_whole_or_streamed(double confidence, string by, int studentAsked, int teacherAsked)
    {
        foreach (var isStreamed in new[] { false, true })
        {
            var (student, teacher) = (new Fixed("student"), new Fixed("teacher"));
            using var cascade = new CascadeChatClient(student, teacher, Policy(0.8), (_, reply, _) => ValueTask.FromResult(reply.Text == "student says hello" ? confidence : 0));
            var response = isStreamed ? await cascade.GetStreamingResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken).ToChatResponseAsync(TestContext.Current.CancellationToken)
                : await cascade.GetResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal($"{by} says hello", response.Text);
            Assert.Equal(by, response.AdditionalProperties![CascadeChatClient.AnsweredBy]);
            Assert.Equal((studentAsked, teacherAsked), (student.Asked, teacher.Asked));
        }
    }

    [Fact]
    public async Task Without_a_threshold_the_student_is_not_asked()
    {
        var student = new Fixed("student");
        using var cascade = new CascadeChatClient(student, new Fixed("teacher"), Policy(null), (_, _, _) => ValueTask.FromResult(1.0));
        Assert.Equal("teacher says hello", (await cascade.GetResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken)).Text);
        Assert.Equal(0, student.Asked);
    }

    [Theory]
    [InlineData(-0.3)]
    [InlineData(double.NaN)]
    public async Task A_log_probability_is_no_confidence(double confidence)
    {
        using var cascade = new CascadeChatClient(new Fixed("student"), new Fixed("teacher"), Policy(0.8), (_, _, _) => ValueTask.FromResult(confidence));
        Assert.Contains("give its exp", (await Assert.ThrowsAsync<DecantException>(() => cascade.GetResponseAsync("hi"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_get_options_of_their_own_and_both_are_disposed()
    {
        var (student, teacher, options) = (new Fixed("student"), new Fixed("teacher"), new ChatOptions { Temperature = 0.5f });
        using (var cascade = new CascadeChatClient(student, teacher, Policy(0.8), (_, _, _) => ValueTask.FromResult(0.1)))
        {
            await cascade.GetResponseAsync("hi", options, TestContext.Current.CancellationToken);
            Assert.Same(cascade, cascade.GetService(typeof(CascadeChatClient)));
        }

        Assert.Equal((null, 0.5f), (options.ModelId, teacher.Options!.Temperature));
        Assert.True(student.IsDisposed && teacher.IsDisposed);
    }

    private sealed class Fixed(string name) : IChatClient
    {
        public int Asked { get; private set; }

        public bool IsDisposed { get; private set; }

        public ChatOptions? Options { get; private set; }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Asked++;
            Options = options;
            if (options is not null)
                options.ModelId = name;
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, $"{name} says hello")));
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            Asked++;
            await Task.Yield();
            foreach (var piece in new[] { name, " says", " hello" })
                yield return new(ChatRole.Assistant, piece);
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() => IsDisposed = true;
    }
}
