using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Decant.Teachers.Remote;
using Decant.Teachers.Remote.Classifying;
using Decant.Teachers.Remote.Limits;
using Decant.Teachers.Remote.Storing;
using Microsoft.Extensions.AI;

namespace Decant.Tests.Teachers.Remote;

/// <summary>The official client against a server on the wire.</summary>
public sealed class RemoteEndpointTests : IDisposable
{
    private const string Key = "sk-test-4f8a0b6c2d";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_asked_stands_on_the_wire_and_what_is_answered_is_read()
    {
        using var teacher = new FakeTeacher { Answer = _ => new FakeReply("yes it is", [("yes", [("yes", 0.75), ("no", 0.25)]), (" it is", [(" it is", 1)])]) };
        using var client = teacher.Endpoint.OpenChat();
        var options = new ChatOptions { Temperature = 0.5f, Seed = 9, MaxOutputTokens = 7, StopSequences = ["\n"] }.WithLogprobs(2).WithSample(3);
        var response = await client.GetResponseAsync([new(ChatRole.System, "Be brief."), new(ChatRole.User, "Is it?")], options);
        var sent = teacher.Requests.Single();
        Assert.Equal((FakeTeacher.Model, 0.5, 9, 7, 7), ((string?)sent["model"], (double?)sent["temperature"], (int?)sent["seed"], (int?)sent["max_completion_tokens"], (int?)sent["max_tokens"]));
        Assert.Equal((true, 2, "\n", "Be brief.", null), ((bool?)sent["logprobs"], (int?)sent["top_logprobs"], (string?)sent["stop"]![0], (string?)sent["messages"]![0]!["content"], sent["sample"]));
        Assert.Equal(("yes it is", FakeTeacher.Model, ChatFinishReason.Stop), (response.Text, response.ModelId, response.FinishReason));
        Assert.Equal(2, response.Logprobs().Count);
        Assert.Equal(("yes", "no"), (response.Logprobs()[0].Token, response.Logprobs()[0].Top[1].Token));
        Assert.Equal(Math.Log(0.75), response.Logprobs()[0].Logprob, 1e-6); // the official client reads them as float32
        Assert.Equal(Math.Log(0.25), response.Logprobs()[0].Top[1].Logprob, 1e-6);
        Assert.Equal((3, 2), (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount)); // 15 and 9 characters
    }

    [Fact]
    public async Task A_stream_is_the_whole_answer()
    {
        using var teacher = new FakeTeacher { Answer = _ => new FakeReply("yes") };
        using var client = teacher.Endpoint.OpenChat();
        Assert.Equal("yes", (await client.GetStreamingResponseAsync("Is it?").ToChatResponseAsync()).Text);
    }

    public static TheoryData<TeacherFault, RemoteFault, string> Faults => new()
    {
        { TeacherFault.Throttled, RemoteFault.Throttled, "Rate limit reached" },
        { TeacherFault.NoCredit, RemoteFault.Quota, "Add credit" },
        { TeacherFault.ServerError, RemoteFault.Server, "500 InternalServerError (The server had an error)" },
        { TeacherFault.Cut, RemoteFault.Connection, "was cut" },
        { TeacherFault.CutAtStart, RemoteFault.Connection, "was cut" },
        { TeacherFault.HalfJson, RemoteFault.BrokenAnswer, "not all of it" },
        { TeacherFault.SlowBytes, RemoteFault.Timeout, "within 0.7 seconds" },
        { TeacherFault.WrongModel, RemoteFault.WrongModel, "expected an answer of 'tiny-1', came one of 'tiny-0'" },
        { TeacherFault.NoChoices, RemoteFault.BrokenAnswer, "'choices'" },
        { TeacherFault.WebPage, RemoteFault.NotAnApi, "came a web page" },
        { TeacherFault.WrongKey, RemoteFault.Key, "in the environment variable TEST_KEY" },
        { TeacherFault.Forbidden, RemoteFault.Key, "in the environment variable TEST_KEY" },
        { TeacherFault.UnknownModel, RemoteFault.UnknownModel, "Name a model that this server has" },
        { TeacherFault.NoSuchPath, RemoteFault.NotAnApi, "See that the address is that of the API" },
        { TeacherFault.TooLong, RemoteFault.TooLong, "maximum context length is 4096" },
        { TeacherFault.Filtered, RemoteFault.Filtered, "Leave this text out" },
        { TeacherFault.BadRequest, RemoteFault.BadRequest, "Unsupported value" },
        { TeacherFault.ErrorWithin, RemoteFault.Server, "upstream failed" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Each_fault_has_its_name_and_says_what_to_do(TeacherFault fault, RemoteFault expected, string says)
    {
        using var teacher = new FakeTeacher { Fault = (_, _) => fault, Key = Key };
        var endpoint = teacher.Endpoint with { Timeout = TimeSpan.FromSeconds(0.7), ExpectedModel = FakeTeacher.Model };
        using var client = endpoint.OpenChat(_ => Key);
        var error = await Assert.ThrowsAsync<RemoteTeacherException>(() => client.GetResponseAsync("Is it?"));
        Assert.Equal(expected, error.Fault);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(expected >= RemoteFault.Throttled, error.IsTransient);
        Assert.Equal(fault == TeacherFault.Throttled ? TimeSpan.FromSeconds(1) : null, error.RetryAfter);
        Assert.Single(teacher.Requests); // the official client's own retries are off
    }

    [Fact]
    public async Task A_choice_that_is_there_twice_counts_once()
    {
        using var teacher = new FakeTeacher { Fault = (_, _) => TeacherFault.DuplicatedChoices, Answer = _ => new FakeReply("yes") };
        using var client = teacher.Endpoint.OpenChat();
        Assert.Equal("yes", (await client.GetResponseAsync("Is it?")).Text);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_said_to_be_the_fault()
    {
        using var pair = RSA.Create(2048);
        using var made = new CertificateRequest("CN=127.0.0.1", pair, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        using var teacher = new FakeTeacher { Certificate = certificate };
        using var client = teacher.Endpoint.OpenChat();
        var error = await Assert.ThrowsAsync<RemoteTeacherException>(() => client.GetResponseAsync("Is it?"));
        Assert.Equal(RemoteFault.Certificate, error.Fault);
        Assert.Empty(teacher.Requests);
    }

    [Fact]
    public async Task A_server_that_does_not_run_is_unreachable()
    {
        var teacher = new FakeTeacher();
        teacher.Dispose();
        using var client = teacher.Endpoint.OpenChat();
        Assert.Equal(RemoteFault.Unreachable, (await Assert.ThrowsAsync<RemoteTeacherException>(() => client.GetResponseAsync("Is it?"))).Fault);
    }

    [Theory]
    [InlineData("https://api.example.com/v1", null, "expected a key in the environment variable OPENAI_API_KEY")]
    [InlineData("https://api.example.com/v1", "two words", "came a text with other characters")]
    [InlineData("http://api.example.com/v1", "key", "is not encrypted")]
    [InlineData("http://8.8.8.8/v1", "key", "is not encrypted")]
    [InlineData("https://user:secret@api.example.com/v1", "key", "without a user or a query")]
    [InlineData("https://api.example.com/v1?api-key=secret", "key", "without a user or a query")]
    [InlineData("ftp://api.example.com/v1", "key", "expected the address of an API")]
    [InlineData("https://api.example.com/v1/chat/completions/", "key", "Leave '/chat/completions' out")]
    [InlineData("https://api.example.com/v1/embeddings", "key", "Leave '/embeddings' out")]
    public void What_cannot_be_opened_says_why(string address, string? key, string says)
    {
        var endpoint = new RemoteEndpoint { Address = new Uri(address), Model = "m" };
        var error = Assert.ThrowsAny<DecantException>(() => endpoint.OpenChat(name => name == "OPENAI_API_KEY" ? key : null));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://192.168.1.7:8000/v1")]
    [InlineData("http://172.20.0.2/v1")]
    [InlineData("http://gpu:8000/v1")]
    [InlineData("http://vllm.models.svc.cluster.local/v1")]
    [InlineData("http://localhost:11434/v1")]
    [InlineData("https://api.openai.com/v1")]
    public void Addresses_of_this_network_and_encrypted_ones_are_opened(string address)
    {
        using var client = new RemoteEndpoint { Address = new Uri(address), Model = "m" }.OpenChat(_ => "key");
        Assert.Equal("m", client.GetService<ChatClientMetadata>()!.DefaultModelId);
    }

    /// <summary>A server that says the key in answers and in errors; all that a run leaves, says and throws.</summary>
    [Fact]
    public async Task The_key_is_in_no_file_and_in_no_message()
    {
        var said = new StringBuilder();
        using (var teacher = new FakeTeacher
        {
            Key = Key,
            RetryAfter = "0",
            Answer = request => new FakeReply($"Your key is {Key}."),
            Fault = (number, _) => number switch { 1 => TeacherFault.ServerError, 3 => TeacherFault.WrongKey, 4 => TeacherFault.Forbidden, 5 => TeacherFault.HalfJson, 6 => TeacherFault.Cut, _ => TeacherFault.None },
        })
        {
            using var answers = RemoteAnswers.Open(_folder.Path, teacher.Endpoint);
            using var client = teacher.Endpoint.OpenChat(name => name == "TEST_KEY" ? Key : null).AsBuilder().UseAnswers(answers).UseRetry(new RetryOptions { Attempts = 2, FirstWait = TimeSpan.Zero }).Build();
            for (var i = 0; i < 6; i++)
            {
                try
                {
                    said.AppendLine((await client.GetResponseAsync($"Question {i}")).Text);
                }
                catch (DecantException error)
                {
                    said.AppendLine(error.ToString());
                }
            }

            var classified = await new ChatClassifier(client, new ChatClassifierOptions { Classes = [new("a"), new("b")], Evidence = ClassEvidence.Stated }).ClassifyAsync("text");
            said.Append(classified).AppendJoin('\n', classified.Answers).Append(teacher.Endpoint).Append(answers.Folder);
            Assert.Contains("Your key is [key].", said.ToString(), StringComparison.Ordinal);
            Assert.Contains("401 Unauthorized", said.ToString(), StringComparison.Ordinal);
            Assert.All(teacher.Heads, head => Assert.Contains($"Bearer {Key}", head, StringComparison.Ordinal)); // and it was sent
        }

        Assert.DoesNotContain(Key, said.ToString(), StringComparison.Ordinal);
        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);
        Assert.True(files.Length >= 2, "no files were left");
        foreach (var file in files)
            Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Key)) < 0, file);
    }
}
