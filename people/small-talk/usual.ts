import { everyLanguage, type SmallTalkList } from '@fermata/contract/small-talk'

function list(language: string, words: string): SmallTalkList {
  return { language, words: words.split(/\s+/).filter((word) => word !== '') }
}

/**
 * The words with which a workspace begins. None of them answers a question by itself: no "yes", no "no", no
 * greeting that calls for somebody.
 */
export const usualLists: readonly SmallTalkList[] = [
  list(
    everyLanguage,
    'ok okay okey okidoki top super 👍 👌 🙏 🙂 😊 😀 😃 😄 😁 🤗 ❤ 💙 💚 🎉 👏 ✅',
  ),
  list(
    'en',
    `thanks thank thx thankyou ty cheers ta you u so very much many lots a lot again
    great good lovely nice wonderful excellent brilliant awesome amazing cool fine perfect
    will do got it noted understood appreciated appreciate that's that is this all right alright
    for the your help helping support reply quick fast answer and have day evening weekend week one
    too bye goodbye take care best regards kind welcome`,
  ),
  list(
    'it',
    `grazie mille tante molte infinite davvero tanto molto ancora gentile gentilissimo gentilissima gentilissimi
    ottimo ottima perfetto perfetta bene benissimo bello bellissimo fantastico d'accordo va tutto chiaro
    capito ricevuto per la il le lo a voi te lei tutti e dell'aiuto l'aiuto risposta l'assistenza
    buona buon giornata serata lavoro weekend ciao arrivederci saluti cordiali presto`,
  ),
  list(
    'de',
    `danke dank dankeschön dankeschoen vielen herzlichen schönen schoenen besten lieben sehr ganz
    nochmals nochmal gut prima klasse toll wunderbar perfekt einverstanden alles klar verstanden
    für fuer die ihre eure deine schnelle hilfe antwort und einen eine schönes wochenende tag abend woche
    tschüss tschuess bis bald gruß gruss grüße gruesse viele liebe freundliche mit freundlichen gerne bitte`,
  ),
  list(
    'fr',
    `merci beaucoup bien mille encore infiniment d'accord parfait super génial excellent très tres
    c'est noté compris entendu reçu recu pour votre ton l'aide aide réponse reponse rapide et à a
    vous toi tous bonne bon journée journee soirée soiree week-end weekend au revoir bientôt bientot salutations cordialement`,
  ),
  list(
    'es',
    `gracias muchas muchísimas muchisimas mil de nuevo vale perfecto perfecta genial estupendo excelente
    bien muy todo claro entendido recibido acuerdo por la tu su ayuda respuesta rápida rapida y a
    ti usted ustedes vosotros buen buena buenas día dia tarde tardes noche semana adiós adios hasta luego pronto saludos`,
  ),
  list(
    'pt',
    `obrigado obrigada muito muita mesmo valeu perfeito perfeita ótimo otimo ótima excelente beleza
    bem tudo certo entendido entendi combinado pela pelo ajuda resposta rápida rapida e a de nada
    bom boa dia tarde noite semana fim tchau até ate logo abraço abraços cumprimentos`,
  ),
  list(
    'nl',
    `bedankt dank dankjewel dankuwel je u wel hartelijk heel erg veel nogmaals prima goed fijn mooi perfect
    geweldig akkoord duidelijk begrepen voor de het uw jouw snelle hulp antwoord reactie en een
    fijne goede dag avond weekend week doei tot ziens groet groeten groetjes vriendelijke met`,
  ),
]
