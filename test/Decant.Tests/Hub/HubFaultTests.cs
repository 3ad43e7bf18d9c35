namespace Decant.Tests.Hub;

public sealed class HubFaultTests
{
    private const int Runs = 100;

    // What comes as a large file from the other host; null: that fault is survived.
    [Theory]
    [InlineData(HubFault.CutAtStart, "closed the connection|no connection|was cut")]
    [InlineData(HubFault.CutInHead, "no connection|closed the connection")]
    [InlineData(HubFault.Stalled, "next to nothing came for 1 s")]
    [InlineData(HubFault.WrongBytes, "others, with the hash")]
    [InlineData(HubFault.TooShort, "expected 300 kB, came 150 kB")]
    [InlineData(HubFault.TooLong, "more than the 300 kB of the file came")]
    [InlineData(HubFault.WebPage, "expected the file, came a web page")]
    [InlineData(HubFault.LfsPointer, "expected 300 kB, came a Git LFS pointer")]
    [InlineData(HubFault.Unauthorized, "there is no model acme/minilm")]
    [InlineData(HubFault.Gated, "asks everybody to accept its terms before a download")]
    [InlineData(HubFault.NotFound, "there is no such file at this commit")]
    [InlineData(HubFault.TooManySeconds, "answered 429 (too many requests). It was tried 3 times")]
    [InlineData(HubFault.TooManyDate, "answered 429 (too many requests)")]
    [InlineData(HubFault.ServerError, "answered 500 (a fault of the server)")]
    [InlineData(HubFault.Unavailable, "answered 503 (not available for the moment)")]
    [InlineData(HubFault.RedirectLoop, "redirects in a circle")]
    [InlineData(HubFault.RedirectNowhere, "redirects (302) without saying where to")]
    public void A_fault_that_stays_is_reported_and_leaves_nothing_half_written(HubFault fault, string part)
    {
        using var work = new HubWorkplace();
        work.Settings = work.Settings with { StallTimeout = fault == HubFault.Stalled ? TimeSpan.FromSeconds(0.3) : work.Settings.StallTimeout };
        work.Server.Fault = r => r.Host == "cdn" ? fault : HubFault.None;
        var message = work.Refused();
        Assert.Contains("hf:acme/minilm", message + (fault is HubFault.RedirectLoop or HubFault.RedirectNowhere ? "hf:acme/minilm" : ""));
        Assert.True(part.Split('|').Any(p => message.Contains(p, StringComparison.Ordinal)), message);
        Assert.DoesNotContain("5ec7e7", message); // the signature of the address
        work.CheckWhole();
        Assert.False(File.Exists(Path.Combine(work.Home, "snapshots", FakeHub.Commit, "model.safetensors")));
        Assert.False(File.Exists(Path.Combine(work.Home, "refs", "main")));
        work.Server.Fault = _ => HubFault.None;
        work.Fetch();
        work.CheckWhole();
    }

    [Theory]
    [InlineData(HubFault.CutMidFile)]
    [InlineData(HubFault.Stalled)]
    public void A_connection_that_is_cut_again_and_again_goes_on_while_something_comes(HubFault fault)
    {
        using var work = new HubWorkplace();
        work.Settings = work.Settings with { StallTimeout = TimeSpan.FromSeconds(0.2) };
        var left = 8;
        work.Server.Fault = r => r.Host == "cdn" && left-- > 0 ? fault : HubFault.None;
        Assert.Equal(300_000, work.Fetch().Files.Contains("model.safetensors") ? work.Server.Files["model.safetensors"].Length : 0);
        Assert.Equal(9, work.Server.Requests.Count(r => r.Host == "cdn"));
        Assert.True(work.Server.Requests.Where(r => r.Host == "cdn").Skip(1).All(r => r.From > 0));
        work.CheckWhole();
    }

    [Fact]
    public void A_server_that_sends_all_where_a_part_was_asked_for_is_understood()
    {
        using var work = new HubWorkplace();
        var number = 0;
        work.Server.Fault = r => r.Host != "cdn" ? HubFault.None : number++ == 0 ? HubFault.CutMidFile : HubFault.NoRange;
        work.Fetch();
        work.CheckWhole();
    }

    [Fact]
    public void A_file_that_is_another_than_the_listing_says_is_refused()
    {
        using var work = new HubWorkplace();
        work.Server.Fault = r => r.Path.Contains("/resolve/", StringComparison.Ordinal) ? HubFault.OtherEtag : HubFault.None;
        Assert.Contains("and the answer speaks of", work.Refused());
        work.CheckWhole();
    }

    [Theory]
    [InlineData(HubFault.TooManySeconds, 7, 7)]
    [InlineData(HubFault.TooManyDate, 15, 20)]
    [InlineData(HubFault.ServerError, 1, 1)]
    public void A_wait_is_as_long_as_the_server_asks(HubFault fault, int least, int most)
    {
        using var work = new HubWorkplace();
        var left = 1;
        work.Server.Fault = _ => left-- > 0 ? fault : HubFault.None;
        work.Fetch();
        Assert.InRange(Assert.Single(work.Clock.Waits).TotalSeconds, least, most);
        Assert.Contains(work.Told, t => t.Waiting?.Contains("; again in", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void A_wait_that_is_too_long_is_reported_instead()
    {
        using var work = new HubWorkplace();
        work.Settings = work.Settings with { LongestWait = TimeSpan.FromSeconds(5) };
        work.Server.Fault = _ => HubFault.TooManySeconds;
        var message = work.Refused();
        Assert.Contains("The server asks to wait 7 s, which is too long to stand by", message);
        Assert.Contains("with a token in HF_TOKEN the hub allows more requests", message);
        Assert.Empty(work.Clock.Waits);
    }

    /// <summary>A hundred downloads, each with faults of all kinds at random: what is in the cache is right, what failed says why, and a repetition without faults goes on from there.</summary>
    [Fact]
    public void A_hundred_seeded_faults_leave_every_file_right_or_a_clear_error()
    {
        HubFault[] kinds = [.. Enum.GetValues<HubFault>().Where(f => f is not HubFault.None)];
        var met = new Dictionary<HubFault, int>();
        var (failed, succeeded, resumed) = (0, 0, 0);
        for (var seed = 0; seed < Runs; seed++)
        {
            using var work = new HubWorkplace();
            work.Settings = work.Settings with { StallTimeout = TimeSpan.FromSeconds(0.25) };
            var (random, turn) = (new Random(seed), new Lock());
            var sure = kinds[seed % kinds.Length]; // each kind comes, and others beside it
            var (at, rate) = (random.Next(8), random.NextDouble() * 0.7);
            var number = 0;
            // The listing comes without faults in every second run, so that many get as far as the weights.
            work.Server.Fault = request =>
            {
                if (seed % 2 == 0 && request.Path.StartsWith("/api", StringComparison.Ordinal))
                    return HubFault.None;
                if (seed % 4 == 0 && request.Host == "hub")
                    return HubFault.None;
                // In every fourth, half of the weights come, and from then on one fault stays.
                lock (turn)
                {
                    var fault = seed % 4 == 0 ? (number++ == 0 ? HubFault.CutMidFile : sure) : number++ == at ? sure : random.NextDouble() < rate ? kinds[random.Next(kinds.Length)] : HubFault.None;
                    if (fault != HubFault.None)
                        met[fault] = met.GetValueOrDefault(fault) + 1;
                    return fault;
                }
            };
            try
            {
                var model = work.Fetch();
                Assert.Equal(6, model.Files.Count);
                succeeded++;
            }
            catch (DecantException error)
            {
                Assert.True(error.Message.Length > 60 && error.Message.EndsWith('.'), $"seed {seed}: {error.Message}");
                failed++;
            }

            work.CheckWhole();
            work.Server.Fault = _ => HubFault.None;
            var part = new FileInfo(Path.Combine(work.Home, "blobs", work.Server.HashOf("model.safetensors") + ".incomplete"));
            var kept = part.Exists ? File.ReadAllBytes(part.FullName) : [];
            work.Server.Requests.Clear();
            Assert.Equal(6, work.Fetch().Files.Count);
            work.CheckWhole();
            Assert.Equal(6, Directory.GetFiles(Path.Combine(work.Home, "snapshots"), "*", SearchOption.AllDirectories).Length);
            Assert.Empty(Directory.GetFiles(Path.Combine(work.Home, "blobs"), "*.incomplete"));
            if (kept.Length > 0 && kept.Length < 300_000 && work.Server.Files["model.safetensors"].AsSpan().StartsWith(kept))
            {
                Assert.Equal(kept.Length, Assert.Single(work.Server.Requests, r => r.Host == "cdn").From);
                resumed++;
            }
        }

        Assert.True(kinds.All(met.ContainsKey), string.Join(", ", kinds.Except(met.Keys)));
        Assert.True(met.Values.Sum() >= Runs && failed >= 10 && succeeded >= 10 && resumed >= 5, $"{met.Values.Sum()} faults, {failed} failed, {succeeded} succeeded, {resumed} resumed");
    }
}
