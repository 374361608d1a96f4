"""What announces a name: "like", "by" and all that says the same, English and German."""

from __future__ import annotations

import re

#: Before a name that something is to be like.
LIKE = re.compile(
    r"(?:(?:something |anything |stuff |music |more |sounds? |sounding |exactly |just |a bit |kind of |much |"
    r"songs? |along the lines of |"
    r"so |so was |so etwas |sowas |irgendwas |genau |etwas |musik |lieder |klingt |klingen |klingend |mehr "
    r")?(?:like in|like on|like|wie von|wie die von|wie bei|wie in|wie aus|wie)|"
    r"less like|weniger wie|(?:very )?similar (?:artists |bands |songs |music |tracks |musicians |sounds |in style "
    r")?to|in the (?:style|vein|spirit|manner|mood) of|a la|"
    r"reminiscent of|"
    r"inspired by|akin to|along the lines of|resembling|"
    r"comparable (?:to|with)|(?:for )?fans? of|unlike|same (?:vibe|style|mood|sound) as|reminds me of|influenced by|"
    r"(?:so )?(?:aehnlich|aehnliche|aehnlicher|aehnliches|aehnlichem|aehnlichen)(?: musik| songs| lieder| "
    r"bands| kuenstler)? (?:wie|zu|von)|im stile? (?:von|der|des)|"
    r"in der art (?:von|der|des)|nach art von|(?:fuer )?fans von|erinnert an|erinnern an|vergleichbar mit|"
    r"inspiriert von|(?:in )?richtung|(?:a )?mix of|(?:a )?blend of|(?:eine )?mischung (?:aus|von)|mix aus|wenn "
    r"(?:du|man|ihr)|wer|(?:if )?(?:you|people who|anyone who|those who) "
    r"(?:like|love|enjoy)|(?:for )?lovers of|im style von|im geiste? (?:von|der|des)|kling(?:t|en) nach|im sound "
    r"von|in der manier von|klanglich wie|"
    r"(?:so )?(?:aehnlich|vergleichbar)(?: klingt| klingen)? (?:wie|mit)|if i like|wenn ich mag|"
    r"(?:the )?vibes? of|think|denk an|recommend(?:ations)? based on|based on|basierend auf|ausgehend von|"
    r"(?:nah|nahe) an|close to|passend zu|passt zu|to go with|das an|die an|much like|not unlike|in the footsteps of|"
    r"a cross between|eine mischung aus|auf den spuren von|comparable with|verwandt mit|related to|neighbours "
    r"of)(?= |$)"
)
#: Before an artist's name.
BY = re.compile(
    r"(?:(?:songs?|music|tracks?|albums?|something|anything|tunes|lieder|musik|songs|etwas|titel|stuecke|"
    r"alben)? ?(?:(?:sung|performed|written|composed|produced|played|recorded|gesungen|komponiert|gespielt|"
    r"geschrieben) )?"
    r"(?:by|von)(?: (?:the|der|den|dem|dj)?(?: ?(?:band|artist|group|singer|rapper|duo|composer|gruppe|saengerin|"
    r"komponistin|rapperin|kuenstlerin))(?= ))?|"
    r"vom (?:kuenstler|saenger|rapper|dj|komponisten|duo|trio|liedermacher)|artist :|kuenstler :|interpret :|band "
    r":)(?= |$)"
)
#: Cues that common words may follow: a name has to be written like one.
LOOSE = re.compile(
    r"(?:kling(?:t|en) nach|think|denk an|based on|basierend auf|ausgehend von|nahe? an|close to|passend zu|passt "
    r"zu|to go with|das an|"
    r"die "
    r"an|the vibes? of|vibes? of|related to|a cross between|(?:a )?mix of|(?:a )?blend of|(?:eine )?mischung (?:aus|"
    r"von)|mix aus|wenn (?:du|man|ihr)|wer|you like|you love|you enjoy|.* who (?:like|love|enjoy))$"
)
