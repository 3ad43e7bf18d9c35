using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs.Reports;

/// <summary>Names and texts for made-up runs.</summary>
internal static class MadeUpWords
{
    public static readonly string[] Assemblies =
    [
        "Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Http.Abstractions", "Microsoft.AspNetCore.Mvc.Core", "Microsoft.AspNetCore.SignalR.Core",
        "Microsoft.Extensions.Hosting", "Microsoft.VisualBasic.Core", "System.Collections", "System.ComponentModel.TypeConverter", "System.Data.Common",
        "System.Diagnostics.Process", "System.Formats.Asn1", "System.Linq.Expressions", "System.Net.Http", "System.Net.Sockets", "System.Private.Xml",
        "System.Reflection.Metadata", "System.Runtime", "System.Runtime.Intrinsics", "System.Security.Cryptography", "System.Text.Json",
    ];

    public static readonly string[] Summaries =
    [
        "Gets the number of elements actually contained in the list.",
        "Asynchronously sends data to a connected socket, using the memory buffer and <flags> given.",
        "Represents a \"read-only\" span of contiguous memory & its bounds.",
        "Specifies that the property is bound to a route value, the query string or the form.",
        "Computes the SHA-256 hash of the specified byte array. The digest is 32 bytes long and is written to the destination span, which must be large enough to hold it.",
        "Creates an expression that represents a lambda with the given body and parameters.",
        "Initialises a new instance of the class.",
        "The number of characters that were read; zero when the end of the document has been reached.",
    ];

    public static readonly string[] ChineseClasses = ["负面", "正面"];

    public static readonly string[] ChineseTopics = ["体育", "财经", "房产", "家居", "教育", "科技", "时尚", "时政", "游戏", "娱乐"];

    public static readonly string[] ChineseReviews =
    [
        "房间很干净，服务员态度也不错，离地铁站走路五分钟，下次还会再来。",
        "书的内容浅显易懂，但是印刷质量太差，翻了两遍就掉页了。",
        "笔记本散热一般，玩游戏的时候风扇声音很大，不过这个价位可以接受。",
        "早餐种类少，味道也很一般。前台办理入住等了将近四十分钟，非常失望！",
        "送货很快，包装完好，孩子特别喜欢这本绘本。",
    ];

    public const string Recipe = """
        # Which .NET assembly does this piece of API documentation come from?
        name: quickstart
        task: classification
        seed: 1

        data:
          train: { kind: dotnet-docs, classes: 20 }
          split: { validation: 0.1, test: 0.2 }
          student-labels: 1000

        distill:
          epochs: 6
          objectives:
            - { kind: soft-targets, temperature: 2, weight: 0.9 }
            - { kind: labels, weight: 0.1 }

        control: true
        """;

    /// <summary>Something like a handwritten stroke, 28 × 28 grey.</summary>
    public static Thumbnail Picture(int seed)
    {
        var random = new Random(seed);
        var (pixels, phase, bend) = (new byte[28 * 28], 6.28 * random.NextDouble(), 0.5 + random.NextDouble());
        for (var t = 0.0; t < 6.28; t += 0.02)
        {
            var (y, x) = (14 + 9 * Math.Sin(t + phase), 14 + 7 * Math.Sin(bend * t + 1));
            for (var dy = -1; dy <= 1; dy++)
                for (var dx = -1; dx <= 1; dx++)
                    pixels[28 * ((int)y + dy) + (int)x + dx] = (byte)Math.Max(pixels[28 * ((int)y + dy) + (int)x + dx], dx == 0 && dy == 0 ? 255 : 120);
        }
        return new Thumbnail(1, 28, 28, pixels);
    }
}
