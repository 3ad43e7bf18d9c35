using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs.Reports;

/// <summary>The runs that a report must look right for; set DECANT_GALLERY to a folder to have their pages written there and look at them.</summary>
internal static class Gallery
{
    public static IReadOnlyDictionary<string, RunRecord> Runs { get; } = new Dictionary<string, RunRecord>
    {
        ["quickstart"] = new MadeUpRun().ToRecord(),
        ["exported"] = RunRecord.From([.. new MadeUpRun { Name = "exported" }.Events(), .. MadeUpExports.All]),
        ["chinese"] = new MadeUpRun
        {
            Name = "中文新闻分类",
            About = "把一条新闻归入十个类别之一。",
            Classes = MadeUpWords.ChineseTopics,
            Texts = MadeUpWords.ChineseReviews,
            Source = "新闻标题，data/zh/news.csv",
        }.ToRecord(),
        ["chinese-binary"] = new MadeUpRun
        {
            Name = "chnsenticorp",
            About = "酒店、图书和电脑评论的情感。",
            Classes = MadeUpWords.ChineseClasses,
            Texts = MadeUpWords.ChineseReviews,
            TestSamples = 1200,
            TeacherSkill = 3.2,
            StudentSkill = 2.7,
            ControlSkill = 2.6,
        }.ToRecord(),
        ["digits"] = new MadeUpRun
        {
            Name = "mnist-hinton",
            About = "Hinton, Vinyals, Dean 2015, section 3: two hidden layers of 1200 teach two of 800.",
            Images = true,
            Seeds = [1, 2, 3],
            Epochs = 20,
            Classes = [.. Enumerable.Range(0, 10).Select(i => i.ToString())],
            TestSamples = 10_000,
            TeacherSkill = 6.5,
            StudentSkill = 6.2,
            ControlSkill = 5.4,
            Source = "idx, MNIST",
        }.ToRecord(),
        ["chinese-twenty"] = new MadeUpRun
        {
            Name = "二十类",
            Classes = [.. Enumerable.Range(0, 20).Select(i => MadeUpWords.ChineseTopics[i % 10] + (i < 10 ? "新闻" : "深度评论与报道"))],
            Texts = MadeUpWords.ChineseReviews,
        }.ToRecord(),
        ["long-tail"] = new MadeUpRun
        {
            Name = "long-tail",
            Seeds = [1, 2, 3],
            Classes = [.. MadeUpWords.Assemblies[..10]],
            Counts = [.. Enumerable.Range(0, 10).Select(c => (int)Math.Round(1900 * Math.Pow(100, -c / 9.0)))],
        }.ToRecord(),
        ["hurt"] = new MadeUpRun { Name = "a teacher that is no better", TeacherSkill = 2.5, StudentSkill = 2.4, ControlSkill = 3.2 }.ToRecord(),
        ["no-control"] = new MadeUpRun { Name = "no-control", WithControl = false, Epochs = 1 }.ToRecord(),
        ["no-teacher"] = new MadeUpRun { Name = "no-teacher", WithTeacher = false, WithControl = false, About = "" }.ToRecord(),
        ["hundred-classes"] = new MadeUpRun
        {
            Name = "hundred-classes",
            TestSamples = 5000,
            TeacherSkill = 6,
            StudentSkill = 5.4,
            ControlSkill = 5,
            Classes = [.. Enumerable.Range(0, 100).Select(i => i % 9 == 0 ? $"An exceedingly long class name that somebody copied from a taxonomy, number {i}" : $"class {i}")],
        }.ToRecord(),
        ["one-class"] = new MadeUpRun { Name = "one-class", Classes = ["only"], TestSamples = 50 }.ToRecord(),
        ["just-started"] = RunRecord.From(new MadeUpRun().Events().Take(40)),
        ["empty"] = RunRecord.From([]),
        ["wikitext-lstm"] = MadeUpTask.All[0].ToRecord(),
        ["wnut17-ner"] = MadeUpTask.All[1].ToRecord(),
        ["sts-b"] = MadeUpTask.All[2].ToRecord(),
        ["sentence-space"] = MadeUpTask.All[3].ToRecord(),
    };

    public static TheoryData<string> Names() => [.. Runs.Keys];
}
